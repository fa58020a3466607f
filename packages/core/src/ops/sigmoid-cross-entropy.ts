import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { add } from './add.ts'
import { checkNumber } from './check-numbers.ts'
import type { CrossEntropyOptions } from './cross-entropy.ts'
import { checkLossInputs, reduceLoss } from './loss.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { softplus } from './softplus.ts'
import { stopGradient } from './stop-gradient.ts'
import { sub } from './sub.ts'

/**
 * Cross entropy of independent yes-or-no questions, elementwise: `−q log p − (1 − q) log(1 − p)`
 * with p = sigmoid(logits) and q = (1 − labelSmoothing) labels + labelSmoothing / 2, computed as
 * `q softplus(−logits) + (1 − q) softplus(logits)`, where nothing overflows or cancels.
 *
 * @param logits Any shape.
 * @param labels The same shape: probabilities, not differentiated.
 * @throws ShapeError if the shapes differ, ArgumentError for options out of their range.
 * @example
 * ```ts
 * const loss = sigmoidCrossEntropy(tensor([3, -1000]), tensor([1, 0]))
 * await loss.item() // 0.0243
 * ```
 */
export function sigmoidCrossEntropy<D extends FloatDType>(
  logits: Tensor<D>,
  labels: Tensor<D>,
  { reduction, labelSmoothing = 0 }: CrossEntropyOptions = {},
): Tensor<D> {
  const op = 'sigmoidCrossEntropy'
  checkLossInputs(op, { logits, labels })
  checkNumber(op, 'labelSmoothing', labelSmoothing, 0, 1)
  const given = stopGradient(labels)
  const q = labelSmoothing === 0 ? given : add(mul(given, 1 - labelSmoothing), labelSmoothing / 2)
  const losses = add(mul(q, softplus(neg(logits))), mul(sub(1, q), softplus(logits)))
  return reduceLoss(op, losses, reduction)
}
