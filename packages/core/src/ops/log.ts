import { defineUnary } from './define-elementwise.ts'
import { div } from './div.ts'

/** Natural logarithm; −∞ at 0, NaN below. */
export const log = defineUnary({
  name: 'log',
  expression: (scalar, x) => scalar.call('log', x),
  vjp: (dy, x) => div(dy, x),
})
