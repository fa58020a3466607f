import type { DType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { checkTensor } from './check-tensor.ts'
import { mul } from './mul.ts'

/** `x²`. */
export function square<D extends DType>(x: Tensor<D>): Tensor<D> {
  checkTensor('square', 'x', x)
  return mul(x, x)
}
