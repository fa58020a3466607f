import { type AnyTensor, type DType, mul, sum, type Tensor, zeros } from '@tensorweft/core'

/** `Σ sum(output · weight)` over the outputs that have a weight: a scalar to differentiate. */
export function weightedSum(
  outputs: readonly AnyTensor[],
  weights: readonly (Tensor<DType> | undefined)[],
): AnyTensor {
  return outputs.reduce<AnyTensor>((total, output, i) => {
    const weight = weights[i]
    return weight === undefined ? total : total.add(sum(mul(output, weight)))
  }, zeros<DType>([]))
}
