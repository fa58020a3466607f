import type { DType } from '../dtype.ts'
import type { Operand, Tensor } from '../graph/tensor.ts'
import { isNumber } from './check-dtype.ts'
import { broadcastOperands } from './define-elementwise.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'

/** `(a − b)²`, broadcast. int32 wraps. */
export function squaredDifference<D extends DType>(a: number, b: Operand<D>): Tensor<D>
export function squaredDifference<D extends DType>(a: Operand<D>, b: Operand<NoInfer<D>>): Tensor<D>
export function squaredDifference<D extends DType>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  const operands = broadcastOperands('squaredDifference', a, b, ['a', 'b'], isNumber)
  return square(sub(operands.a, operands.b))
}
