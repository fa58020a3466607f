import {
  type DType,
  formatShape,
  type OptionRule,
  ShapeError,
  settleOptions,
  sizeOf,
  type Tensor,
} from '@tensorweft/core'
import { checkMade, checkTensors } from './metric.ts'

export interface BinaryAccuracyOptions {
  /** Predictions above it mean class 1: 0.5, the default, for probabilities, and 0 for logits. */
  readonly threshold?: number
}

const finite: OptionRule = ['a finite number', Number.isFinite]

/**
 * A metric for two classes: per sample, whether `prediction > threshold` agrees with its label,
 * which is 1 (true) or 0 (false), of any dtype. Predictions [batch, …] and labels have one shape, up
 * to axes of size 1.
 *
 * @throws ArgumentError for a threshold that is not finite; the metric throws ShapeError where
 * predictions and labels differ in number.
 * @example
 * ```ts
 * const correct = binaryAccuracy({ threshold: 0 })(tensor([[2], [-1]]), tensor([1, 1]))
 * await correct.array() // [[true], [false]]
 * ```
 */
export function binaryAccuracy(
  options: BinaryAccuracyOptions = {},
): (predictions: Tensor, labels: Tensor<DType>) => Tensor<'bool'> {
  checkMade('binaryAccuracy', options)
  const { threshold } = settleOptions('binaryAccuracy', options, { threshold: [finite, 0.5] })
  return (predictions, labels) => {
    checkTensors('binaryAccuracy', predictions, labels)
    if (!differOnlyByOnes(predictions, labels)) {
      throw new ShapeError('binaryAccuracy', {
        got: `predictions are ${formatShape(predictions.shape)} and labels ${formatShape(labels.shape)}`,
        wanted: 'one prediction per label',
      })
    }
    const isOne = labels.cast('float32').reshape(predictions.shape).greater(0.5)
    return predictions.greater(threshold).equal(isOne)
  }
}

/** Whether [batch, 1] stands beside [batch], say: equal but for axes of size 1. */
function differOnlyByOnes(a: Tensor<DType>, b: Tensor<DType>): boolean {
  const [first, second] = [a, b].map(({ shape }) => shape.filter((n) => n !== 1).join())
  return first === second && sizeOf(a.shape) === sizeOf(b.shape)
}
