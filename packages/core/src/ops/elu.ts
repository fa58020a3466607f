import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { checkNumber } from './check-numbers.ts'
import { greater } from './compare.ts'
import { expm1 } from './expm1.ts'
import { checkFloat } from './log-sum-exp.ts'
import { mul } from './mul.ts'
import { where } from './where.ts'

export interface EluOptions {
  /** Minus the limit for x → −∞, by default 1. */
  readonly alpha?: number
}

/**
 * `x` where it is positive, else `alpha (eˣ − 1)`; the gradient at 0 is `alpha`. `x`: any shape,
 * float. Clevert, Unterthiner, Hochreiter 2015.
 *
 * @example
 * ```ts
 * const y = elu(tensor([-20, 2]))
 * await y.array() // [-1, 2]
 * ```
 */
export function elu<D extends FloatDType>(x: Tensor<D>, { alpha = 1 }: EluOptions = {}): Tensor<D> {
  checkFloat('elu', x)
  checkNumber('elu', 'alpha', alpha)
  const isPositive = greater(x, 0)
  // The exponential sees no positive x: where it overflowed, its gradient would be 0 · ∞.
  const negative = mul(expm1(where(isPositive, 0, x)), alpha)
  return where(isPositive, x, negative)
}

const scale = 1.0507009873554805
const alpha = 1.6732632423543772

/** `1.0507 · elu(x, 1.6733)`. Klambauer et al. 2017: "Self-Normalizing Neural Networks". */
export function selu<D extends FloatDType>(x: Tensor<D>): Tensor<D> {
  checkFloat('selu', x)
  return mul(elu(x, { alpha }), scale)
}
