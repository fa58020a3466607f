import type { FloatDType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape, sameShape } from '../shape.ts'
import { add } from './add.ts'
import { checkTyped, isInt32 } from './check-dtype.ts'
import { checkInside } from './check-inside.ts'
import { checkNumber } from './check-numbers.ts'
import { equal, greater, less } from './compare.ts'
import { full } from './full.ts'
import { indices } from './indices.ts'
import { logicalAnd } from './logical.ts'
import { checkLastAxis, checkLossInputs, type LossOptions, reduceLoss } from './loss.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { expandDims } from './reshape.ts'
import { logSoftmax } from './softmax.ts'
import { stopGradient } from './stop-gradient.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { where } from './where.ts'

export interface CrossEntropyOptions extends LossOptions {
  /** The part of the probability, 0 to 1, that is spread over all classes; by default 0. */
  readonly labelSmoothing?: number
}

/**
 * Cross entropy between class probabilities q and `softmax(logits)`: `−Σ q · logSoftmax(logits)`
 * over the last axis, with q = (1 − labelSmoothing) labels + labelSmoothing / classes. Classes with
 * q = 0 may have a logit of −∞.
 *
 * @param logits [..., classes], unnormalised.
 * @param labels [..., classes], not differentiated.
 * @throws ShapeError if the shapes differ, ArgumentError for options out of their range.
 * @example
 * ```ts
 * const logits = tensor([[2, 1, 0], [0, 3, 1]])
 * const loss = softmaxCrossEntropy(logits, tensor([[1, 0, 0], [0, 0.5, 0.5]]))
 * await loss.item() // 0.789
 * ```
 */
export function softmaxCrossEntropy<D extends FloatDType>(
  logits: Tensor<D>,
  labels: Tensor<D>,
  { reduction, labelSmoothing = 0 }: CrossEntropyOptions = {},
): Tensor<D> {
  const op = 'softmaxCrossEntropy'
  checkLossInputs(op, { logits, labels }, 'for class numbers use sparseSoftmaxCrossEntropy')
  checkLastAxis(op, 'logits', logits)
  checkNumber(op, 'labelSmoothing', labelSmoothing, 0, 1)
  const classes = logits.shape.at(-1) ?? 1
  const given = stopGradient(labels)
  const q =
    labelSmoothing === 0 ? given : add(mul(given, 1 - labelSmoothing), labelSmoothing / classes)
  const terms = where(equal(q, 0), 0, mul(q, logSoftmax(logits)))
  return reduceLoss(op, neg(sum(terms, -1)), reduction)
}

/**
 * Cross entropy of class numbers: `−logSoftmax(logits)[label]`, or with label smoothing what
 * `softmaxCrossEntropy` gives for the one-hot labels. Other classes may have a logit of −∞.
 *
 * @param logits [..., classes], unnormalised.
 * @param labels [...], int32 from 0 to classes − 1; the loss of another label is NaN, or if the
 * labels were given as numbers and not used yet, it throws.
 * @throws ShapeError if labels do not have the shape of the logits without the last axis,
 * DTypeError if they are not int32, ArgumentError for options or known labels out of
 * their range.
 * @example
 * ```ts
 * import { sparseSoftmaxCrossEntropy, tensor } from '@tensorweft/core'
 *
 * const logits = tensor([[2, 1, 0], [0, 3, 1]])
 * const loss = sparseSoftmaxCrossEntropy(logits, tensor([0, 1], { dtype: 'int32' }))
 * ```
 */
export function sparseSoftmaxCrossEntropy<D extends FloatDType>(
  logits: Tensor<D>,
  labels: Tensor<'int32'>,
  { reduction, labelSmoothing = 0 }: CrossEntropyOptions = {},
): Tensor<D> {
  const op = 'sparseSoftmaxCrossEntropy'
  checkClassNumbers(op, logits, labels)
  checkNumber(op, 'labelSmoothing', labelSmoothing, 0, 1)
  const classes = logits.shape.at(-1) ?? 1
  const isLabel = equal(indices(logits.shape, -1), expandDims(labels, -1))
  const logProbabilities = logSoftmax(logits)
  const spread = labelSmoothing / classes
  const terms =
    labelSmoothing === 0
      ? where(isLabel, logProbabilities, 0)
      : mul(
          where<D>(isLabel, full([], 1 - labelSmoothing + spread, logits.dtype), spread),
          logProbabilities,
        )
  const isInside = logicalAnd(greater(labels, -1), less(labels, classes))
  // Subtracted, so that the gradient needs no mask of its own.
  const start = where<D>(isInside, full([], 0, logits.dtype), Number.NaN)
  return reduceLoss(op, sub(start, sum(terms, -1)), reduction)
}

function checkClassNumbers(op: string, logits: Tensor<FloatDType>, labels: Tensor<'int32'>): void {
  checkLossInputs(op, { logits })
  checkTyped(op, 'labels', labels, isInt32)
  checkLastAxis(op, 'logits', logits)
  checkInside(op, labels, logits.shape.at(-1) ?? 0)
  if (!sameShape(labels.shape, logits.shape.slice(0, -1))) {
    throw new ShapeError(op, {
      got: `logits are ${formatShape(logits.shape)} and labels ${formatShape(labels.shape)}`,
      wanted: 'logits [..., classes] and labels [...]',
    })
  }
}
