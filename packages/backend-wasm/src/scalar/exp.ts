import { f32x4, i32x4, v128 } from '../assembler/index.ts'
import { choose, multiplyAdd, multiplySubtract } from './fused.ts'
import { polynomial } from './polynomial.ts'
import { hasRelaxed } from './relaxed.ts'
import type { LocalSource, Vector } from './vector.ts'

// ln 2 in two parts: the first has so few bits that its products with exponents are exact, so that
// the reduced argument keeps all its bits.
export const ln2High = 0.693359375
export const ln2Low = -2.1219444005469057e-4

// Minimax polynomials. (e^r − 1 − r) / r² for |r| ≤ ln 2 / 2, least relative error of e^r.
const expTail = [0.49999994, 0.166665211, 0.041668389, 0.00836871658, 0.00138145976]
// The same, least relative error of e^r − 1.
const expm1Tail = [0.5, 0.166666657, 0.0416663624, 0.00833338965, 0.00139406277, 0.000198458773]
// (2^r − 1) / r for |r| ≤ 1/2.
const exp2Series = [
  0.693147182, 0.240226477, 0.0555033237, 0.00961843692, 0.0013398875, 0.00015353362,
]

/** Added to a float it rounds to an integer n, which stands in the low bits as n + `bias`. */
export const shifter = (bias: number) => f32x4.constSplat(1.5 * 2 ** 23 + bias)
/** Twice the bias of a float's exponent, so that half of n + `bias` has the bias of one. */
const doubleBias = 254
export const singleBias = 127

/** Limits a value to [low, high]; NaN stays. */
function clamp(x: Vector, low: number, high: number): Vector {
  return f32x4.pmin(f32x4.pmax(x, f32x4.constSplat(low)), f32x4.constSplat(high))
}

/**
 * `value · 2^n` in two factors: n may lie beyond the exponents that one float can hold. `shifted`
 * holds n + 254 in its low bits.
 */
function scale(f: LocalSource, value: Vector, shifted: Vector): Vector {
  const half = f.local('v128', v128.and(i32x4.shl(shifted, 22), i32x4.constSplat(255 << 23)))
  const rest = i32x4.sub(i32x4.shl(shifted, 23), half)
  return f32x4.mul(f32x4.mul(value, half), rest)
}

/** Writes x = n ln 2 + r with |r| ≤ ln 2 / 2; `shifted` holds n + bias in its low bits. */
function reduce(f: LocalSource, x: Vector, bias: number) {
  const shifted = f.local('v128', multiplyAdd(x, f32x4.constSplat(Math.LOG2E), shifter(bias)))
  const n = f.local('v128', f32x4.sub(shifted, shifter(bias)))
  const high = multiplySubtract(n, f32x4.constSplat(ln2High), x)
  const r = f.local('v128', multiplySubtract(n, f32x4.constSplat(ln2Low), high))
  return { shifted, r }
}

/** e^r for |r| ≤ ln 2 / 2, times a power of two. */
function power(f: LocalSource, r: Vector, factor: number): Vector {
  const scaled = (coefficients: readonly number[]) => coefficients.map((c) => c * factor)
  if (hasRelaxed()) return polynomial(f, r, scaled([1, 1, ...expTail]))
  // Where products are rounded, r itself must not be one.
  const tail = f32x4.mul(f32x4.mul(r, r), polynomial(f, r, scaled(expTail)))
  const linear = factor === 1 ? r : f32x4.mul(r, f32x4.constSplat(factor))
  return f32x4.add(f32x4.add(linear, tail), f32x4.constSplat(factor))
}

/** e^x, within 1 ulp; subnormal results included. */
export function exp(f: LocalSource, x: Vector): Vector {
  const { shifted, r } = reduce(f, f.local('v128', clamp(x, -105, 89)), doubleBias)
  return scale(f, power(f, r, 1), shifted)
}

/** Scale of the results of `expOfNegative` before the last product. */
const smallScale = 100

/**
 * The same for x ≤ 0 and NaN, bit for bit: all powers 2^(n + 100) are floats, so that one product
 * scales a polynomial that is smaller by 2^100.
 */
export function expOfNegative(f: LocalSource, x: Vector): Vector {
  const limited = f.local('v128', f32x4.pmax(x, f32x4.constSplat(-105)))
  const { shifted, r } = reduce(f, limited, singleBias + smallScale)
  return f32x4.mul(power(f, r, 2 ** -smallScale), i32x4.shl(shifted, 23))
}

/** 2^x, within 2 ulp; exact for integers. */
export function exp2(f: LocalSource, x: Vector): Vector {
  const clamped = f.local('v128', clamp(x, -151, 129))
  const shifted = f.local('v128', f32x4.add(clamped, shifter(doubleBias)))
  const r = f.local('v128', f32x4.sub(clamped, f32x4.sub(shifted, shifter(doubleBias))))
  return scale(f, polynomial(f, r, [1, ...exp2Series]), shifted)
}

/**
 * e^x − 1 = 2^n (e^r − 1) + (2^n − 1), within 2 ulp. Everything is halved until the last step, so
 * that 2^n does not overflow before the result does.
 */
export function expm1(f: LocalSource, x: Vector): Vector {
  const { shifted, r } = reduce(f, f.local('v128', clamp(x, -18, 89)), singleBias - 1)
  const square = f32x4.mul(r, r)
  const small = multiplyAdd(square, polynomial(f, r, expm1Tail), r)
  const half = f.local('v128', i32x4.shl(shifted, 23))
  const sum = multiplyAdd(half, small, f32x4.sub(half, f32x4.constSplat(0.5)))
  const kept = f.local('v128', sum)
  const value = f32x4.add(kept, kept)
  // 0 · 2^n + 0 has lost the sign of −0.
  return choose(x, value, f32x4.eq(x, f32x4.constSplat(0)))
}
