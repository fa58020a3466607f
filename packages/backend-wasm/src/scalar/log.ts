import { type Code, f32x4, i32x4, v128 } from '../assembler/index.ts'
import { ln2High, ln2Low } from './exp.ts'
import { choose, multiplyAdd, multiplySubtract } from './fused.ts'
import { polynomial } from './polynomial.ts'
import type { LocalSource, Vector } from './vector.ts'

// (log(1 + t) − t + t²/2) / t³ for √½ ≤ 1 + t < √2, least relative error of the logarithm.
const logTail = [
  0.333333135, -0.250000089, 0.200021192, -0.166679963, 0.142195508, -0.124055922, 0.118881777,
  -0.116756387, 0.0674659163,
]

const sqrtHalfBits = 0x3f3504f3

/** Writes x = 2^n (1 + t) with √½ ≤ 1 + t < √2 for positive finite x. */
function split(f: LocalSource, x: Vector) {
  // Subnormal arguments are scaled into the normal range first.
  const tiny = f.local('v128', f32x4.lt(x, f32x4.constSplat(2 ** -126)))
  const scaled = choose(f32x4.mul(x, f32x4.constSplat(2 ** 24)), x, tiny)
  const bits = f.local('v128', i32x4.sub(scaled, i32x4.constSplat(sqrtHalfBits)))
  const exponent = f.local('v128', i32x4.shrS(bits, 23))
  const low = v128.and(bits, i32x4.constSplat(0x7fffff))
  const mantissa = i32x4.add(low, i32x4.constSplat(sqrtHalfBits))
  const correction = v128.and(tiny, f32x4.constSplat(24))
  return {
    n: f.local('v128', f32x4.sub(f32x4.convertI32x4S(exponent), correction)),
    t: f.local('v128', f32x4.sub(mantissa, f32x4.constSplat(1))),
  }
}

/** log 0 = −∞, log ∞ = ∞, NaN for negative numbers and NaN. */
function withEdges(f: LocalSource, x: Vector, value: Vector): Vector {
  const zero = f.local('v128', f32x4.constSplat(0))
  const isBelowInfinity = f32x4.lt(x, f32x4.constSplat(Number.POSITIVE_INFINITY))
  const finite = choose(value, x, isBelowInfinity)
  const positive = choose(f32x4.constSplat(Number.NEGATIVE_INFINITY), finite, f32x4.eq(x, zero))
  return choose(f32x4.constSplat(Number.NaN), positive, f32x4.lt(x, zero))
}

/** `t³ P(t) − t²/2`: what the logarithm of 1 + t has beyond t. */
function beyondLinear(f: LocalSource, t: Vector): Vector {
  const square = f.local('v128', f32x4.mul(t, t))
  const cubic = f32x4.mul(f32x4.mul(square, t), polynomial(f, t, logTail))
  return multiplySubtract(square, f32x4.constSplat(0.5), cubic)
}

/** Natural logarithm, within 1 ulp. */
export function log(f: LocalSource, x: Code<'v128'>): Vector {
  const { n, t } = split(f, x)
  const low = multiplyAdd(n, f32x4.constSplat(ln2Low), beyondLinear(f, t))
  const value = multiplyAdd(n, f32x4.constSplat(ln2High), f32x4.add(t, low))
  return withEdges(f, x, value)
}

/** Logarithm to base 2, within 2 ulp; exact for powers of 2. */
export function log2(f: LocalSource, x: Code<'v128'>): Vector {
  const { n, t } = split(f, x)
  // log2 e = 1 + 0.4427…: the product with 1 is exact.
  const rest = f32x4.constSplat(Math.LOG2E - 1)
  const tail = f.local('v128', beyondLinear(f, t))
  const low = multiplyAdd(tail, rest, f32x4.mul(t, rest))
  const value = f32x4.add(f32x4.add(f32x4.add(low, tail), t), n)
  return withEdges(f, x, value)
}

/** log(1 + x) = log u + c / u, where u is 1 + x as rounded and c what rounding lost. 2 ulp. */
export function log1p(f: LocalSource, x: Code<'v128'>): Vector {
  const one = f32x4.constSplat(1)
  const u = f.local('v128', f32x4.add(x, one))
  const isUsual = v128.and(
    f32x4.gt(u, f32x4.constSplat(0)),
    f32x4.lt(u, f32x4.constSplat(Number.POSITIVE_INFINITY)),
  )
  const lost = f32x4.sub(x, f32x4.sub(u, one))
  const correction = v128.and(f32x4.div(lost, u), isUsual)
  const value = f32x4.add(f.local('v128', log(f, u)), correction)
  // The sum has lost the sign of −0.
  return choose(x, value, f32x4.eq(x, f32x4.constSplat(0)))
}
