import { type DType, logicalAnd, oneHot, settleOptions, type Tensor, where } from '@tensorweft/core'
import { positiveInteger } from '../check-options.ts'
import { classNumbers } from './class-numbers.ts'
import { checkMade } from './metric.ts'

export interface TopKCategoricalAccuracyOptions {
  /** How many of the greatest predictions count, by default 5. */
  readonly k?: number
}

/**
 * A metric: per sample, whether fewer than `k` classes have a greater prediction than that of its
 * label. Predictions are [..., classes], labels class numbers [...] of an integer dtype, or one-hot
 * [..., classes]. A label outside the classes is never among them, nor one whose prediction is NaN.
 *
 * @throws ArgumentError unless `k` is a positive integer; the metric throws ShapeError or DTypeError
 * for labels of another form.
 * @example
 * ```ts
 * const logits = tensor([[2, 1, 0], [0, 3, 1]])
 * const within = topKCategoricalAccuracy({ k: 2 })(logits, tensor([1, 0], { dtype: 'int32' }))
 * await within.array() // [true, false]
 * ```
 */
export function topKCategoricalAccuracy(
  options: TopKCategoricalAccuracyOptions = {},
): (predictions: Tensor, labels: Tensor<DType>) => Tensor<'bool'> {
  checkMade('topKCategoricalAccuracy', options)
  const { k } = settleOptions('topKCategoricalAccuracy', options, { k: [positiveInteger, 5] })
  return (predictions, labels) => {
    const numbers = classNumbers('topKCategoricalAccuracy', predictions, labels)
    const classes = predictions.shape.at(-1) ?? 0
    const isOwn = oneHot(numbers, classes, 'bool')
    const own = where(isOwn, predictions, -Infinity).max(-1, { keepDims: true })
    // Counted by what is not greater, so that a NaN is never among the greatest.
    const isAtMost = predictions.lessEqual(own)
    const hasOwn = logicalAnd(isOwn, isAtMost).cast('int32').sum(-1).greater(0)
    return logicalAnd(
      hasOwn,
      isAtMost
        .cast('int32')
        .sum(-1)
        .greater(classes - k),
    )
  }
}
