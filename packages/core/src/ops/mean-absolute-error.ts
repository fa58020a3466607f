import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { abs } from './abs.ts'
import { checkLossInputs, type LossOptions, reduceLoss } from './loss.ts'
import { sub } from './sub.ts'

/**
 * `|predictions − targets|`, elementwise, then reduced. The gradient where they are equal is that
 * of `abs` at 0.
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
export function meanAbsoluteError<D extends FloatDType>(
  predictions: Tensor<D>,
  targets: Tensor<D>,
  { reduction }: LossOptions = {},
): Tensor<D> {
  checkLossInputs('meanAbsoluteError', { predictions, targets })
  return reduceLoss('meanAbsoluteError', abs(sub(predictions, targets)), reduction)
}
