import type { DType } from '../dtype.ts'
import type { Operand, Tensor } from '../graph/tensor.ts'
import { isNumber } from './check-dtype.ts'
import { defineBinary } from './define-elementwise.ts'

/** `a · b`, broadcast. int32 wraps. */
export const mul: <D extends DType>(a: Operand<D>, b: Operand<D>) => Tensor<D> = defineBinary({
  name: 'mul',
  accepts: isNumber,
  expression: (scalar, a, b) => scalar.mul(a, b),
  vjp: (dy, a, b) => ({ a: mul(dy, b), b: mul(dy, a) }),
})
