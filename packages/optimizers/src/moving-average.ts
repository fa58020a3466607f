import { add, type DType, div, type Tensor } from '@tensorweft/core'

/** `decay · before + (1 − decay) · value`: a moving average after one more value. */
export function average(before: Tensor<DType>, value: Tensor<DType>, decay: number): Tensor<DType> {
  return before.add(value.sub(before).mul(1 - decay))
}

/**
 * `1 − decay^step`: the weight that a moving average which began at zero gives to what it has seen.
 * From tanh, because 1 − exp(x) would lose all digits for a decay near 1.
 */
export function seenWeight(decay: number, step: Tensor<DType>): Tensor<DType> {
  const half = step.mul(-Math.log(decay) / 2).tanh()
  return div(half.mul(2), add(half, 1))
}
