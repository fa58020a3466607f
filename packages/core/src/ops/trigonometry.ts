import { add } from './add.ts'
import { defineUnary, type UnaryOp } from './define-elementwise.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { square } from './square.ts'

/** Sine of `x` in radians. */
export const sin: UnaryOp = defineUnary({
  name: 'sin',
  expression: (scalar, x) => scalar.sin(x),
  vjp: (dy, x) => mul(dy, cos(x)),
})

/** Cosine of `x` in radians. */
export const cos: UnaryOp = defineUnary({
  name: 'cos',
  expression: (scalar, x) => scalar.call('cos', x),
  vjp: (dy, x) => neg(mul(dy, sin(x))),
})

/** Tangent of `x` in radians. */
export const tan: UnaryOp = defineUnary({
  name: 'tan',
  expression: (scalar, x) => scalar.div(scalar.sin(x), scalar.call('cos', x)),
  vjp: (dy, _, y) => mul(dy, add(square(y), 1)),
})
