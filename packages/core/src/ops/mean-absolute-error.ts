import { abs } from './abs.ts'
import { defineLoss, type Loss } from './loss.ts'
import { sub } from './sub.ts'

/**
 * `|predictions − targets|`, elementwise, then reduced. The gradient where they are equal is 0.
 *
 * @param predictions Any shape.
 * @param targets The same shape.
 * @throws ShapeError if the shapes differ.
 * @example
 * ```ts
 * const loss = meanAbsoluteError(tensor([1, 2, 3]), tensor([1, 2, 6]))
 * await loss.item() // 1
 * ```
 */
export const meanAbsoluteError: Loss = defineLoss('meanAbsoluteError', (predictions, targets) =>
  abs(sub(predictions, targets)),
)
