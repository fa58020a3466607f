import { add } from './add.ts'
import { defineUnary } from './define-elementwise.ts'
import { div } from './div.ts'

/** `log(1 + x)`, relatively accurate near 0; −∞ at −1, NaN below. */
export const log1p = defineUnary({
  name: 'log1p',
  expression: (scalar, x) => scalar.call('log1p', x),
  vjp: (dy, x) => div(dy, add(x, 1)),
})
