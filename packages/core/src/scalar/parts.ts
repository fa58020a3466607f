import type { ScalarBuilder } from './builder.ts'
import type { Scalar } from './scalar.ts'

/** Floats that are computed with. */
export type WideFloat = 'float32' | 'float64'

/** For which of the two floats constants are to be chosen. */
export function floatOf(x: Scalar): WideFloat {
  return x.dtype === 'float64' ? 'float64' : 'float32'
}

/** `|x|`; NaN stays. */
export function magnitude(s: ScalarBuilder, x: Scalar): Scalar {
  return s.max(x, s.mul(x, -1))
}

/** `x` with the opposite sign where `condition` holds. */
export function negatedWhere(s: ScalarBuilder, condition: Scalar, x: Scalar): Scalar {
  return s.where(condition, s.mul(x, -1), x)
}

/**
 * The leading half of the significand of a float: 12 bits of float32, 24 of float64. Products of
 * two such halves are exact, and so is what is left of `x`. Made by bits or by a conversion and not
 * by sums, which a compiler of shaders could simplify away.
 */
export function leadingPart(s: ScalarBuilder, x: Scalar): Scalar {
  if (x.dtype === 'float64') return s.cast(s.cast(x, 'float32'), 'float64')
  return s.bitcast(s.and(s.bitcast(x, 'int32'), -(2 ** 12)), 'float32')
}
