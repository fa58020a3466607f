import { defineUnary } from './define-elementwise.ts'
import { exp } from './exp.ts'
import { mul } from './mul.ts'

/** `eˣ − 1`, relatively accurate near 0. */
export const expm1 = defineUnary({
  name: 'expm1',
  expression: (scalar, x) => scalar.call('expm1', x),
  vjp: (dy, x) => mul(dy, exp(x)),
})
