import type { Arithmetic } from './arithmetic.ts'
import type { Scalar } from './scalar.ts'

/** `c0 + x (c1 + x (c2 + …))` */
export function polynomial(s: Arithmetic, x: Scalar, coefficients: readonly number[]): Scalar {
  return coefficients
    .slice(0, -1)
    .reduceRight<Scalar>(
      (value, coefficient) => s.add(s.mul(x, value), coefficient),
      s.constant(x.dtype, coefficients.at(-1) ?? 0),
    )
}
