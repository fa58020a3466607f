import { isNumber } from './check-dtype.ts'
import { type BinaryOp, defineBinary } from './define-elementwise.ts'

/** `a · b`, broadcast. int32 wraps. */
export const mul: BinaryOp = defineBinary({
  name: 'mul',
  accepts: isNumber,
  expression: (scalar, a, b) => scalar.mul(a, b),
  vjp: (dy, a, b) => ({ a: mul(dy, b), b: mul(dy, a) }),
})
