import type { DType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { mul } from './mul.ts'

/** `x²`. */
export function square<D extends DType>(x: Tensor<D>): Tensor<D> {
  return mul(x, x)
}
