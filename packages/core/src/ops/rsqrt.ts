import { defineUnary } from './define-elementwise.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'

/** `1 / √x`; ∞ at 0, NaN below. */
export const rsqrt = defineUnary({
  name: 'rsqrt',
  expression: (scalar, x) => scalar.div(scalar.constant(x.dtype, 1), scalar.sqrt(x)),
  vjp: (dy, x, y) => mul(dy, div(mul(y, -0.5), x)),
})
