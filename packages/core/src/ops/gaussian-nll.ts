import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { add } from './add.ts'
import { div } from './div.ts'
import { log } from './log.ts'
import { checkLossInputs, type LossOptions, reduceLoss } from './loss.ts'
import { mul } from './mul.ts'
import { squaredDifference } from './squared-difference.ts'

export interface GaussianNllOptions extends LossOptions {
  /** Adds the constant log(2π) / 2; by default false. */
  readonly full?: boolean
}

/**
 * Negative logarithm of a normal likelihood: `(log(variance) + (mean − targets)² / variance) / 2`,
 * elementwise, then reduced.
 *
 * @param mean Any shape.
 * @param variance The same shape, positive.
 * @param targets The same shape.
 * @throws ShapeError if the shapes differ.
 * @example
 * ```ts
 * const loss = gaussianNll(tensor([0, 1]), tensor([1, 1]), tensor([2, 1]))
 * await loss.item() // 1
 * ```
 */
export function gaussianNll<D extends FloatDType>(
  mean: Tensor<D>,
  variance: Tensor<D>,
  targets: Tensor<D>,
  { reduction, full = false }: GaussianNllOptions = {},
): Tensor<D> {
  checkLossInputs('gaussianNll', { mean, variance, targets })
  const terms = add(log(variance), div(squaredDifference(mean, targets), variance))
  const losses = mul(full ? add(terms, Math.log(2 * Math.PI)) : terms, 0.5)
  return reduceLoss('gaussianNll', losses, reduction)
}
