import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { checkFloat } from './log-sum-exp.ts'
import { mul } from './mul.ts'
import { sigmoid } from './sigmoid.ts'

/** `x · sigmoid(x)`, also called swish. `x`: any shape, float. */
export function silu<D extends FloatDType>(x: Tensor<D>): Tensor<D> {
  checkFloat('silu', x)
  return mul(x, sigmoid(x))
}
