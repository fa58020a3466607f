import {
  ArgumentError,
  checkOption,
  type DType,
  formatShape,
  type OptionRule,
  ShapeError,
  settleOptions,
  Tensor,
} from '@tensorweft/core'
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

/** @throws ArgumentError for a function that makes a metric where the metric is meant. */
export function checkMade(name: string, options: unknown): void {
  if (!(options instanceof Tensor)) return
  throw new ArgumentError(name, {
    got: 'predictions',
    wanted: 'options',
    hint: `call it: metrics: { ${name}: ${name}() }`,
  })
}

/** For what a function of a program returns. */
export const returned: OptionRule = ['a tensor that the function returns', aTensor[1]]

/**
 * The mean of what a metric gave, scalar float32.
 *
 * @throws ArgumentError for what is no tensor.
 */
export function meanOf(name: string, values: Tensor<DType>): Tensor {
  checkOption('metrics', name, values, returned)
  const floats = values.cast('float32')
  return floats.rank === 0 ? floats : floats.mean()
}

/** @throws ArgumentError for what is no tensor, ShapeError for one that is no scalar. */
export function checkScalar(op: string, name: string, value: Tensor): void {
  checkOption(op, name, value, returned)
  if (value.rank === 0) return
  throw new ShapeError(op, {
    got: `${name} ${formatShape(value.shape)}`,
    wanted: 'a scalar',
    hint: 'take its mean()',
  })
}
