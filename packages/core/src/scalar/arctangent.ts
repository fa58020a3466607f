import type { ScalarBuilder } from './builder.ts'
import { floatOf, magnitude, negatedWhere, type WideFloat } from './parts.ts'
import { polynomial } from './polynomial.ts'
import type { Scalar } from './scalar.ts'

/** Minimax polynomials in w² for (atan w − w) / w³ where |w| ≤ tan π/8: within 2^−28 and 2^−59. */
const series: Readonly<Record<WideFloat, readonly number[]>> = {
  float32: [-0.3333333186, 0.1999955949, -0.1426450686, 0.1074885719, -0.06466834575],
  float64: [
    -0.3333333333333333, 0.19999999999999815, -0.1428571428566249, 0.111111111053968,
    -0.090909087647291, 0.076922966798472, -0.06666430045497, 0.0587898509836, -0.052308461524,
    0.045532931803, -0.03461223912, 0.0163298837,
  ],
}

/** What is missing from π as each dtype holds it, relative to it. */
const missingOfPi: Readonly<Record<WideFloat, number>> = {
  float32: Math.PI / Math.fround(Math.PI) - 1,
  float64: 1.2246467991473532e-16 / Math.PI,
}

/**
 * The angle of the point (x, y) in the first quadrant, which is not the origin. Turned by π/4 or
 * π/2 where that brings it below π/8.
 */
function angle(s: ScalarBuilder, y: Scalar, x: Scalar): Scalar {
  const isSteep = s.less(s.mul(x, Math.tan((3 * Math.PI) / 8)), y)
  const isDiagonal = s.less(s.mul(x, Math.tan(Math.PI / 8)), y)
  const rise = s.where(isSteep, s.mul(x, -1), s.where(isDiagonal, s.sub(y, x), y))
  const run = s.where(isSteep, y, s.where(isDiagonal, s.add(y, x), x))
  const w = s.div(rise, run)
  const z = s.mul(w, w)
  const rest = s.add(w, s.mul(s.mul(w, z), polynomial(s, z, series[floatOf(x)])))
  const quarter = s.where(isDiagonal, s.constant(x.dtype, Math.PI / 4), 0)
  const turned = s.where(isSteep, s.constant(x.dtype, Math.PI / 2), quarter)
  return s.add(turned, s.add(rest, s.mul(turned, missingOfPi[floatOf(x)])))
}

/** The angle of the point (x, y) from −π to π, 0 at the origin; a zero counts as positive. */
export function arctangent2(s: ScalarBuilder, y: Scalar, x: Scalar): Scalar {
  const [height, width] = [magnitude(s, y), magnitude(s, x)]
  const greatest = s.max(height, width)
  const isInfinite = s.equal(greatest, Number.POSITIVE_INFINITY)
  // Sums of the largest numbers overflow, and what this takes from small ones does not matter.
  const scale = s.where(s.less(greatest, 2 ** 100), s.constant(x.dtype, 1), 2 ** -100)
  const reduced = (length: Scalar) =>
    s.where(isInfinite, s.cast(s.equal(length, greatest), x.dtype), s.mul(length, scale))
  const run = s.where(s.equal(greatest, 0), s.constant(x.dtype, 1), reduced(width))
  const acute = angle(s, reduced(height), run)
  const missing = Math.PI * missingOfPi[floatOf(x)]
  const obtuse = s.add(s.sub(s.constant(x.dtype, Math.PI), acute), missing)
  return negatedWhere(s, s.less(y, 0), s.where(s.less(x, 0), obtuse, acute))
}

/** The angle from −π/2 to π/2 with tangent `x`. */
export function arctangent(s: ScalarBuilder, x: Scalar): Scalar {
  const rise = s.min(magnitude(s, x), 2 ** 100)
  return negatedWhere(s, s.less(x, 0), angle(s, rise, s.constant(x.dtype, 1)))
}

/** The angle from −π/2 to π/2 with sine `x`; NaN beyond ±1. */
export function arcsine(s: ScalarBuilder, x: Scalar): Scalar {
  const rise = magnitude(s, x)
  const run = s.sqrt(s.mul(s.sub(s.constant(x.dtype, 1), rise), s.add(rise, 1)))
  return negatedWhere(s, s.less(x, 0), angle(s, rise, run))
}

/** The angle from 0 to π with cosine `x`; NaN beyond ±1. */
export function arccosine(s: ScalarBuilder, x: Scalar): Scalar {
  const rise = s.sqrt(s.sub(s.constant(x.dtype, 1), x))
  return s.mul(angle(s, rise, s.sqrt(s.add(x, 1))), 2)
}
