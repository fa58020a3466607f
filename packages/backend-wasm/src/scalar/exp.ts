import { f32x4, i32x4, v128 } from '../assembler/index.ts'
import { type LocalSource, polynomial, type Vector } from './vector.ts'

// ln 2 in two parts: the first has so few bits that its products with exponents are exact, so that
// the reduced argument keeps all its bits.
export const ln2High = 0.693359375
export const ln2Low = -2.1219444005469057e-4

// Minimax polynomials. (e^r − 1 − r) / r² for |r| ≤ ln 2 / 2, least relative error of e^r.
const expTail = [0.49999994, 0.166665211, 0.041668389, 0.00836871658, 0.00138145976]
// The same, least relative error of e^r − 1.
const expm1Tail = [0.5, 0.166666657, 0.0416663624, 0.00833338965, 0.00139406277, 0.000198458773]
// (2^r − 1) / r for |r| ≤ 1/2.
const exp2Tail = [
  0.693147182, 0.240226477, 0.0555033237, 0.00961843692, 0.0013398875, 0.00015353362,
]

/** 2^n for int32 n from −126 to 127. */
function powerOfTwo(n: Vector): Vector {
  return i32x4.shl(i32x4.add(n, i32x4.constSplat(127)), 23)
}

/** Limits a value to [low, high]; NaN stays. */
function clamp(x: Vector, low: number, high: number): Vector {
  return f32x4.pmin(f32x4.pmax(x, f32x4.constSplat(low)), f32x4.constSplat(high))
}

/** `value · 2^n` in two factors: n may lie beyond the exponents that one float can hold. */
function scale(f: LocalSource, value: Vector, n: Vector): Vector {
  const exponent = f.local('v128', i32x4.truncSatF32x4S(n))
  const half = f.local('v128', i32x4.shrS(exponent, 1))
  const scaled = f32x4.mul(value, powerOfTwo(half))
  return f32x4.mul(scaled, powerOfTwo(i32x4.sub(exponent, half)))
}

/** Writes x = n ln 2 + r with |r| ≤ ln 2 / 2. */
function reduce(f: LocalSource, x: Vector) {
  const n = f.local('v128', f32x4.nearest(f32x4.mul(x, f32x4.constSplat(Math.LOG2E))))
  const high = f32x4.sub(x, f32x4.mul(n, f32x4.constSplat(ln2High)))
  const r = f.local('v128', f32x4.sub(high, f32x4.mul(n, f32x4.constSplat(ln2Low))))
  return { n, r }
}

/** e^x, within 1 ulp; subnormal results included. */
export function exp(f: LocalSource, x: Vector): Vector {
  const { n, r } = reduce(f, f.local('v128', clamp(x, -105, 89)))
  const square = f32x4.mul(r, r)
  const tail = f32x4.add(r, f32x4.mul(square, polynomial(r, expTail)))
  return scale(f, f32x4.add(tail, f32x4.constSplat(1)), n)
}

/** 2^x, within 2 ulp; exact for integers. */
export function exp2(f: LocalSource, x: Vector): Vector {
  const clamped = f.local('v128', clamp(x, -151, 129))
  const n = f.local('v128', f32x4.nearest(clamped))
  const r = f.local('v128', f32x4.sub(clamped, n))
  const power = f32x4.add(f32x4.mul(r, polynomial(r, exp2Tail)), f32x4.constSplat(1))
  return scale(f, power, n)
}

/**
 * e^x − 1 = 2^n (e^r − 1) + (2^n − 1), within 2 ulp. Everything is halved until the last step, so
 * that 2^n does not overflow before the result does.
 */
export function expm1(f: LocalSource, x: Vector): Vector {
  const { n, r } = reduce(f, f.local('v128', clamp(x, -18, 89)))
  const square = f32x4.mul(r, r)
  const small = f32x4.add(r, f32x4.mul(square, polynomial(r, expm1Tail)))
  const exponent = i32x4.sub(i32x4.truncSatF32x4S(n), i32x4.constSplat(1))
  const half = f.local('v128', powerOfTwo(exponent))
  const scaled = f32x4.mul(half, small)
  const sum = f.local('v128', f32x4.add(scaled, f32x4.sub(half, f32x4.constSplat(0.5))))
  const value = f32x4.add(sum, sum)
  // 0 · 2^n + 0 has lost the sign of −0.
  return v128.bitSelect(x, value, f32x4.eq(x, f32x4.constSplat(0)))
}
