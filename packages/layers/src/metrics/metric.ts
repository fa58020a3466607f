import { type DType, formatShape, ShapeError, settleOptions, type Tensor } from '@tensorweft/core'
import { aTensor } from '../check-options.ts'

/**
 * Labels of whatever dtype the data has: a function of predictions and labels may take them for
 * tensors of the one that it expects.
 */
export type Labels = Tensor<never>

/**
 * How good predictions are: a function of predictions [batch, …] and their labels. It returns a
 * value per sample (or per element), of which the mean is taken, or the mean of the batch as a
 * scalar. Bools count as 0 and 1. It becomes part of a compiled step, so it is written in ops on
 * tensors.
 *
 * @example
 * ```ts
 * const absoluteError: Metric = (predictions, labels) => predictions.sub(labels).abs()
 * ```
 */
export type Metric = (predictions: Tensor, labels: Labels) => Tensor<DType>

/** @throws ArgumentError for what is no tensor. */
export function checkTensors(op: string, predictions: Tensor, labels: Tensor<DType>): void {
  settleOptions(op, { predictions, labels }, { predictions: [aTensor], labels: [aTensor] })
}

/** The mean of what a metric gave, scalar float32. */
export function meanOf(values: Tensor<DType>): Tensor {
  const floats = values.cast('float32')
  return floats.rank === 0 ? floats : floats.mean()
}

/** @throws ShapeError for what is to be a scalar and is none. */
export function checkScalar(op: string, name: string, value: Tensor): void {
  if (value.rank === 0) return
  throw new ShapeError(op, {
    got: `${name} ${formatShape(value.shape)}`,
    wanted: 'a scalar',
    hint: 'take its mean()',
  })
}
