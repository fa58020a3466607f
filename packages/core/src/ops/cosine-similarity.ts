import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { equal } from './compare.ts'
import { div } from './div.ts'
import { checkLastAxis, defineLoss, type Loss } from './loss.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { norm } from './norm.ts'
import { sum } from './sum.ts'
import { where } from './where.ts'

/**
 * The negative cosine of the angle between vectors along the last axis, then reduced:
 * `−Σ a · b / (|a| |b|)`, from −1 for one direction to 1 for opposite ones. It is 0 for a vector of
 * length 0.
 *
 * @param predictions [..., features].
 * @param targets [..., features].
 * @throws ShapeError if the shapes differ.
 * @example
 * ```ts
 * const loss = cosineSimilarity(tensor([[1, 0], [0, 2]]), tensor([[3, 0], [1, 1]]))
 * await loss.item() // -0.854
 * ```
 */
export const cosineSimilarity: Loss = defineLoss('cosineSimilarity', (predictions, targets) => {
  checkLastAxis('cosineSimilarity', 'predictions', predictions)
  const similarities = sum(mul(directions(predictions), directions(targets)), -1)
  return neg(similarities)
})

/** Vectors of length 1, or 0. */
function directions<D extends FloatDType>(x: Tensor<D>): Tensor<D> {
  const lengths = norm(x, -1, { keepDims: true })
  return div(x, where(equal(lengths, 0), 1, lengths))
}
