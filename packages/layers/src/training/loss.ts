import {
  ArgumentError,
  checkOption,
  formatShape,
  type LossOptions,
  ShapeError,
  type Tensor,
} from '@tensorweft/core'
import { checkScalar, type Labels, returned } from '../metrics/metric.ts'

/**
 * How wrong predictions [batch, …] are, as a scalar: a loss of core, or a function of one's own. For
 * sample and class weights it is asked for the losses one by one, `{ reduction: 'none' }`, [batch, …].
 */
export type LossFunction = (predictions: Tensor, labels: Labels, options?: LossOptions) => Tensor

/**
 * The loss of a batch, scalar. With weights [batch] it is the mean of `weight · loss` over all
 * elements, as in Keras.
 *
 * @throws ShapeError if the loss is no scalar or the weights are not [batch], ArgumentError where it
 * is no tensor, or one that is to be weighted gives a scalar only.
 */
export function batchLoss(
  loss: LossFunction,
  predictions: Tensor,
  labels: Labels,
  weights?: Tensor,
): Tensor {
  const losses = loss(predictions, labels, weights && { reduction: 'none' })
  if (weights === undefined) {
    checkScalar('loss', 'a loss', losses)
    return losses
  }
  checkOption('weighted loss', 'a loss', losses, returned)
  const [batch = 0] = labels.shape
  if (losses.shape[0] !== batch) {
    throw new ArgumentError('weighted loss', {
      got: `a loss that gives ${formatShape(losses.shape)} when asked for { reduction: 'none' }`,
      wanted: `a loss per sample, [${batch}, …]`,
      hint: 'take { reduction } as the third argument, as the losses of core do',
    })
  }
  if (weights.rank !== 1 || weights.shape[0] !== batch) {
    throw new ShapeError('weighted loss', {
      got: `weights ${formatShape(weights.shape)} for labels ${formatShape(labels.shape)}`,
      wanted: `a weight per sample, [${batch}]`,
    })
  }
  const ones = losses.shape.map((_, axis) => (axis === 0 ? batch : 1))
  return losses.mul(weights.cast(losses.dtype).reshape(ones)).mean()
}
