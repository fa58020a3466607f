import { defineUnary } from './define-elementwise.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'

/** Hyperbolic tangent. */
export const tanh = defineUnary({
  name: 'tanh',
  expression: (scalar, x) => scalar.call('tanh', x),
  vjp: (dy, _, y) => mul(dy, sub(1, mul(y, y))),
})
