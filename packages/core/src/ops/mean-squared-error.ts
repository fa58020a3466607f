import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { checkLossInputs, type LossOptions, reduceLoss } from './loss.ts'
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
export function meanSquaredError<D extends FloatDType>(
  predictions: Tensor<D>,
  targets: Tensor<D>,
  { reduction }: LossOptions = {},
): Tensor<D> {
  checkLossInputs('meanSquaredError', { predictions, targets })
  return reduceLoss('meanSquaredError', squaredDifference(predictions, targets), reduction)
}
