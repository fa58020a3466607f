import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { add } from './add.ts'
import { checkNumber } from './check-numbers.ts'
import { checkLastAxis, checkLossInputs, type LossOptions, reduceLoss } from './loss.ts'
import { norm } from './norm.ts'
import { relu } from './relu.ts'
import { sub } from './sub.ts'

export interface TripletMarginOptions extends LossOptions {
  /** How much farther the negative should be than the positive, by default 1. */
  readonly margin?: number
}

/**
 * `max(0, |anchor − positive| − |anchor − negative| + margin)` with lengths over the last axis, then
 * reduced. The gradient of a distance of 0, and at the kink, is 0.
 *
 * @param anchor [..., features].
 * @param positive [..., features], should be near.
 * @param negative [..., features], should be far.
 * @throws ShapeError if the shapes differ, ArgumentError for a negative margin.
 * @example
 * ```ts
 * const [anchor, positive, negative] = [tensor([0, 0]), tensor([3, 4]), tensor([0, 2])]
 * const loss = tripletMargin(anchor, positive, negative)
 * await loss.item() // 4
 * ```
 */
export function tripletMargin<D extends FloatDType>(
  anchor: Tensor<D>,
  positive: Tensor<D>,
  negative: Tensor<D>,
  { reduction, margin = 1 }: TripletMarginOptions = {},
): Tensor<D> {
  const op = 'tripletMargin'
  checkLossInputs(op, { anchor, positive, negative })
  checkLastAxis(op, 'anchor', anchor)
  checkNumber(op, 'margin', margin, 0)
  const near = norm(sub(anchor, positive), -1)
  const far = norm(sub(anchor, negative), -1)
  return reduceLoss(op, relu(add(sub(near, far), margin)), reduction)
}
