import type { FloatDType } from '../dtype.ts'
import { DTypeError, ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape, sameShape } from '../shape.ts'
import { mean } from './mean.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { oneHot } from './one-hot.ts'
import { logSoftmax } from './softmax.ts'
import { stopGradient } from './stop-gradient.ts'
import { sum } from './sum.ts'

/** How the losses of the elements become one: their mean, their sum, or not at all. */
export type LossReduction = 'mean' | 'sum' | 'none'

export interface LossOptions {
  readonly reduction?: LossReduction
}

/**
 * Cross entropy between class probabilities `labels` and `softmax(logits)`:
 * `−Σ labels · logSoftmax(logits)` over the last axis.
 *
 * @param logits [..., classes], unnormalised.
 * @param labels [..., classes], not differentiated.
 * @throws ShapeError if the shapes differ.
 */
export function softmaxCrossEntropy<D extends FloatDType>(
  logits: Tensor<D>,
  labels: Tensor<D>,
  { reduction = 'mean' }: LossOptions = {},
): Tensor<D> {
  if (!sameShape(logits.shape, labels.shape)) {
    throw new ShapeError('softmaxCrossEntropy', {
      got: `logits are ${formatShape(logits.shape)} and labels ${formatShape(labels.shape)}`,
      wanted: 'the same shape [..., classes]',
      hint: 'for class numbers use sparseSoftmaxCrossEntropy',
    })
  }
  const losses = neg(sum(mul(stopGradient(labels), logSoftmax(logits)), -1))
  return reduceLoss(losses, reduction)
}

/**
 * Cross entropy of class numbers: `−logSoftmax(logits)[label]`.
 *
 * @param logits [..., classes], unnormalised.
 * @param labels [...], int32 from 0 to classes − 1.
 * @throws ShapeError if labels do not have the shape of the logits without the last axis,
 * DTypeError if they are not int32.
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
  { reduction = 'mean' }: LossOptions = {},
): Tensor<D> {
  if (labels.dtype !== 'int32') {
    throw new DTypeError('sparseSoftmaxCrossEntropy', {
      got: `labels are ${String(labels.dtype)}`,
      wanted: 'int32 class numbers',
      hint: "cast them: labels.cast('int32')",
    })
  }
  if (logits.rank === 0 || !sameShape(labels.shape, logits.shape.slice(0, -1))) {
    throw new ShapeError('sparseSoftmaxCrossEntropy', {
      got: `logits are ${formatShape(logits.shape)} and labels ${formatShape(labels.shape)}`,
      wanted: 'logits [..., classes] and labels [...]',
    })
  }
  const chosen = oneHot(labels, logits.shape.at(-1) ?? 0, logits.dtype)
  const losses = neg(sum(mul(chosen, logSoftmax(logits)), -1))
  return reduceLoss(losses, reduction)
}

function reduceLoss<D extends FloatDType>(losses: Tensor<D>, reduction: LossReduction): Tensor<D> {
  switch (reduction) {
    case 'mean':
      return mean(losses)
    case 'sum':
      return sum(losses)
    case 'none':
      return losses
  }
}
