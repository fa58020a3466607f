import type { Tensor } from '@tensorweft/core'

/**
 * Share of the samples whose greatest logit is that of their label: scalar float32.
 *
 * @param logits [..., classes]; probabilities do as well.
 * @param labels [...], int32 class numbers.
 * @throws ShapeError if the shapes do not broadcast, DTypeError if the labels are not int32.
 * @example
 * ```ts
 * const logits = tensor([[2, 1, 0], [0, 3, 1]])
 * await accuracy(logits, tensor([0, 2], { dtype: 'int32' })).item() // 0.5
 * ```
 */
export function accuracy(logits: Tensor, labels: Tensor<'int32'>): Tensor {
  return logits.argMax().equal(labels).cast('float32').mean()
}
