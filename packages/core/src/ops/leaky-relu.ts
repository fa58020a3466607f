import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { checkNumber } from './check-numbers.ts'
import { greater } from './compare.ts'
import { checkFloat } from './log-sum-exp.ts'
import { mul } from './mul.ts'
import { where } from './where.ts'

export interface LeakyReluOptions {
  /** Slope for negative `x`, by default 0.2. */
  readonly alpha?: number
}

/**
 * `x` where it is positive, else `alpha · x`; the gradient at 0 is `alpha`. `x`: any shape, float.
 *
 * @example
 * ```ts
 * const y = leakyRelu(tensor([-1, 2]), { alpha: 0.1 })
 * await y.array() // [-0.1, 2]
 * ```
 */
export function leakyRelu<D extends FloatDType>(
  x: Tensor<D>,
  { alpha = 0.2 }: LeakyReluOptions = {},
): Tensor<D> {
  checkFloat('leakyRelu', x)
  checkNumber('leakyRelu', 'alpha', alpha)
  return where(greater(x, 0), x, mul(x, alpha))
}
