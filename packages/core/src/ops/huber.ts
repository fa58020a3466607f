import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { checkNumber } from './check-numbers.ts'
import { clip } from './clip.ts'
import { checkLossInputs, type LossOptions, reduceLoss } from './loss.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'

export interface HuberOptions extends LossOptions {
  /** The difference from which on the loss is linear, by default 1. */
  readonly delta?: number
}

/**
 * A square near 0 and linear beyond: with d = predictions − targets, `d² / 2` where |d| ≤ delta,
 * else `delta (|d| − delta / 2)`, elementwise, then reduced.
 *
 * @param predictions Any shape.
 * @param targets The same shape.
 * @throws ShapeError if the shapes differ, ArgumentError for a negative delta.
 * @example
 * ```ts
 * const loss = huber(tensor([0, 0]), tensor([0.5, 4]), { reduction: 'none' })
 * await loss.array() // [0.125, 3.5]
 * ```
 */
export function huber<D extends FloatDType>(
  predictions: Tensor<D>,
  targets: Tensor<D>,
  { reduction, delta = 1 }: HuberOptions = {},
): Tensor<D> {
  checkLossInputs('huber', { predictions, targets })
  checkNumber('huber', 'delta', delta, 0)
  const difference = sub(predictions, targets)
  // With c the clipped difference, both branches are c (d − c / 2): no square can overflow.
  const clipped = clip(difference, -delta, delta)
  const losses = mul(clipped, sub(difference, mul(clipped, 0.5)))
  return reduceLoss('huber', losses, reduction)
}
