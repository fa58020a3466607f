import { defineLoss, type Loss } from './loss.ts'
import { squaredDifference } from './squared-difference.ts'

/**
 * `(predictions − targets)²`, elementwise, then reduced.
 *
 * @param predictions Any shape.
 * @param targets The same shape.
 * @throws ShapeError if the shapes differ.
 * @example
 * ```ts
 * const loss = meanSquaredError(tensor([1, 2, 3]), tensor([1, 2, 6]))
 * await loss.item() // 3
 * ```
 */
export const meanSquaredError: Loss = defineLoss('meanSquaredError', (predictions, targets) =>
  squaredDifference(predictions, targets),
)
