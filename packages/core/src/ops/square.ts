import type { DType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { checkTyped, isNumber } from './check-dtype.ts'
import { mul } from './mul.ts'

/** `x²`. */
export function square<D extends DType>(x: Tensor<D>): Tensor<D> {
  checkTyped('square', 'x', x, isNumber)
  return mul(x, x)
}
