import { equal } from './compare.ts'
import { log } from './log.ts'
import { defineLoss, type Loss } from './loss.ts'
import { mul } from './mul.ts'
import { stopGradient } from './stop-gradient.ts'
import { sub } from './sub.ts'
import { where } from './where.ts'

/**
 * `predictions − targets · log(predictions)`, elementwise, then reduced: the negative logarithm of
 * a Poisson likelihood, without the term that depends on the targets only. 0 log 0 is 0.
 *
 * @param predictions Any shape: expected counts, not negative.
 * @param targets The same shape: counts, not differentiated.
 * @throws ShapeError if the shapes differ.
 * @example
 * ```ts
 * const loss = poisson(tensor([1, 2]), tensor([0, 2]), { reduction: 'none' })
 * await loss.array() // [1, 0.614]
 * ```
 */
export const poisson: Loss = defineLoss('poisson', (predictions, targets) => {
  const counts = stopGradient(targets)
  const logs = log(where(equal(counts, 0), 1, predictions))
  return sub(predictions, mul(counts, logs))
})
