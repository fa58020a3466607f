import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { checkFloat } from './log-sum-exp.ts'
import { mul } from './mul.ts'
import { softplus } from './softplus.ts'
import { tanh } from './tanh.ts'

/** `x · tanh(softplus(x))`. `x`: any shape, float. Misra 2019. */
export function mish<D extends FloatDType>(x: Tensor<D>): Tensor<D> {
  checkFloat('mish', x)
  return mul(x, tanh(softplus(x)))
}
