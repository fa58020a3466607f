import { defineLoss, type Loss } from './loss.ts'
import { mul } from './mul.ts'
import { relu } from './relu.ts'
import { stopGradient } from './stop-gradient.ts'
import { sub } from './sub.ts'

/**
 * `max(0, 1 − targets · predictions)`, elementwise, then reduced. The gradient at the kink is 0.
 *
 * @param predictions Any shape.
 * @param targets The same shape: −1 or 1, not differentiated.
 * @throws ShapeError if the shapes differ.
 * @example
 * ```ts
 * const loss = hinge(tensor([0.5, -2]), tensor([1, -1]))
 * await loss.item() // 0.25
 * ```
 */
export const hinge: Loss = defineLoss('hinge', (predictions, targets) =>
  relu(sub(1, mul(stopGradient(targets), predictions))),
)
