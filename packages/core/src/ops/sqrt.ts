import { defineUnary } from './define-elementwise.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'

/** `√x`; NaN below 0. */
export const sqrt = defineUnary({
  name: 'sqrt',
  expression: (scalar, x) => scalar.sqrt(x),
  vjp: (dy, _, y) => div(mul(dy, 0.5), y),
})
