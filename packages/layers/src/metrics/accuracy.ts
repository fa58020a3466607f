import { ArgumentError, type DType, formatShape, type Tensor } from '@tensorweft/core'
import { classNumbers } from './class-numbers.ts'

/**
 * Share of the samples whose greatest logit is that of their label: scalar float32.
 *
 * @param logits [..., classes]; probabilities do as well.
 * @param labels Class numbers [...] of an integer dtype, or one-hot [..., classes].
 * @throws ShapeError if the labels have neither form, DTypeError if class numbers are floats,
 * ArgumentError for what is no tensor, and for a single class, where it depends on the threshold: see
 * `binaryAccuracy`.
 * @example
 * ```ts
 * const logits = tensor([[2, 1, 0], [0, 3, 1]])
 * await accuracy(logits, tensor([0, 2], { dtype: 'int32' })).item() // 0.5
 * ```
 */
export function accuracy(logits: Tensor, labels: Tensor<DType>): Tensor {
  const classes = classNumbers('accuracy', logits, labels)
  if (logits.shape.at(-1) === 1) {
    throw new ArgumentError('accuracy', {
      got: `predictions ${formatShape(logits.shape)}, one per sample`,
      wanted: 'one per class',
      hint: 'use binaryAccuracy(), or binaryAccuracy({ threshold: 0 }) for logits',
    })
  }
  return logits.argMax().equal(classes).cast('float32').mean()
}
