import { defineUnary } from './define-elementwise.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'

/** `1 / x`. */
export const reciprocal = defineUnary({
  name: 'reciprocal',
  expression: (scalar, x) => scalar.div(scalar.constant(x.dtype, 1), x),
  vjp: (dy, _, y) => neg(mul(mul(dy, y), y)),
})
