import {
  type DType,
  DTypeError,
  formatShape,
  isFloat,
  type Shape,
  ShapeError,
  sameShape,
  type Tensor,
} from '@tensorweft/core'
import { checkTensors } from './metric.ts'

/**
 * The class number of every sample, int32 [...], for predictions [..., classes]: labels are class
 * numbers [...] already, or probabilities [..., classes] of which the greatest counts (one-hot).
 *
 * @throws ArgumentError for what is no tensor, ShapeError where the labels have neither form,
 * DTypeError where class numbers are floats.
 */
export function classNumbers(
  op: string,
  predictions: Tensor,
  labels: Tensor<DType>,
): Tensor<'int32'> {
  checkTensors(op, predictions, labels)
  // Of rank 1 both would be taken for one sample, where [batch] with a threshold is meant.
  if (predictions.rank > 1 && sameShape(labels.shape, predictions.shape)) {
    return labels.cast('float32').argMax()
  }
  if (predictions.rank === 0 || !sameShape(labels.shape, predictions.shape.slice(0, -1))) {
    throw unlikeLabels(op, predictions.shape, labels.shape)
  }
  if (isFloat(labels.dtype)) {
    throw new DTypeError(op, {
      got: `class numbers of ${labels.dtype}`,
      wanted: 'int32',
      hint: "tensor(values, { dtype: 'int32' }), or an Int32Array",
    })
  }
  return labels.cast('int32')
}

function unlikeLabels(op: string, predictions: Shape, labels: Shape): ShapeError {
  return new ShapeError(op, {
    got: `predictions are ${formatShape(predictions)} and labels ${formatShape(labels)}`,
    wanted: '[..., classes] with class numbers [...] or one-hot [..., classes]',
    hint: 'for one prediction per sample use binaryAccuracy({ threshold })',
  })
}
