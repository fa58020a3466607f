import { add } from './add.ts'
import { defineUnary } from './define-elementwise.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'

/** Hyperbolic tangent. Its gradient `1 − y²` is taken as a product, which near ±1 loses less. */
export const tanh = defineUnary({
  name: 'tanh',
  expression: (scalar, x) => scalar.call('tanh', x),
  vjp: (dy, _, y) => mul(dy, mul(sub(1, y), add(y, 1))),
})
