import { equal } from './compare.ts'
import { div } from './div.ts'
import { log } from './log.ts'
import { checkLastAxis, defineLoss, type Loss } from './loss.ts'
import { mul } from './mul.ts'
import { stopGradient } from './stop-gradient.ts'
import { sum } from './sum.ts'
import { where } from './where.ts'

/**
 * Kullback-Leibler divergence of probabilities: `Σ targets · log(targets / predictions)` over the
 * last axis, then reduced. 0 log 0 is 0.
 *
 * @param predictions [..., classes], probabilities.
 * @param targets [..., classes], probabilities, not differentiated.
 * @throws ShapeError if the shapes differ.
 * @example
 * ```ts
 * const loss = klDivergence(tensor([0.5, 0.25, 0.25]), tensor([0.5, 0.5, 0]))
 * await loss.item() // 0.347
 * ```
 */
export const klDivergence: Loss = defineLoss('klDivergence', (predictions, targets) => {
  checkLastAxis('klDivergence', 'predictions', predictions)
  const wanted = stopGradient(targets)
  const isZero = equal(wanted, 0)
  const ratio = div(where(isZero, 1, wanted), where(isZero, 1, predictions))
  return sum(mul(wanted, log(ratio)), -1)
})
