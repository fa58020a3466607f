import { f32x4, i32x4, v128 } from '../assembler/index.ts'
import { shifter, singleBias } from './exp.ts'
import { multiplyAdd, multiplySubtract } from './fused.ts'
import { polynomial } from './polynomial.ts'
import type { LocalSource, Vector } from './vector.ts'

/** Beyond it, tanh is 1 in float32. */
const limit = 9.1

// Minimax polynomial (e^r − 1 − r) / r² for |r| ≤ ln 2 / 2, least relative error of e^r − 1.
const tail = [0.49999997, 0.166665435, 0.0416672006, 0.00836654752, 0.00138825167]
// (1 − e^−2u − 2u) / 2u², from the same at r = −2u.
const series = tail.map((coefficient, k) => -2 * coefficient * (-2) ** k)

/**
 * Hyperbolic tangent, within 2 ulp: (1 − e) / (1 + e) with e = e^−2|x|, both halved. Writes
 * 2|x| = n ln 2 + 2u, so that the small difference 1 − e^−2u enters both without cancellation.
 */
export function tanh(f: LocalSource, x: Vector): Vector {
  const a = f.local('v128', f32x4.pmin(f32x4.abs(x), f32x4.constSplat(limit)))
  const shift = shifter(singleBias)
  const shifted = f.local('v128', multiplyAdd(a, f32x4.constSplat(-2 * Math.LOG2E), shift))
  const minusN = f.local('v128', f32x4.sub(shifted, shift))
  // What one rounded constant loses grows with n, but e^−2|x|, where it enters, falls faster.
  const u = f.local('v128', multiplyAdd(minusN, f32x4.constSplat(Math.LN2 / 2), a))
  const power = f.local('v128', i32x4.shl(shifted, 23))
  const half = f32x4.constSplat(0.5)
  const difference = f.local('v128', multiplyAdd(f32x4.mul(u, u), polynomial(f, u, series), u))
  const base = f.local('v128', i32x4.sub(power, i32x4.constSplat(1 << 23)))
  const numerator = multiplyAdd(power, difference, f32x4.sub(half, base))
  const denominator = multiplySubtract(power, difference, f32x4.add(half, base))
  const sign = v128.and(x, i32x4.constSplat(-(2 ** 31)))
  return v128.or(f32x4.div(numerator, denominator), sign)
}
