import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { normalizeAxis } from '../shape.ts'
import { defineComposite } from './define-composite.ts'
import { div } from './div.ts'
import { exp } from './exp.ts'
import { log } from './log.ts'
import { checkFloat } from './log-sum-exp.ts'
import { max } from './max.ts'
import { stopGradient } from './stop-gradient.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'

/**
 * `eˣ / Σ eˣ` along `axis`, shifted by the maximum so that nothing overflows. Elements that are −∞
 * get 0; where all of them are, or one is ∞, there is no answer but NaN.
 *
 * @example
 * ```ts
 * import { softmax, tensor } from '@tensorweft/core'
 *
 * const probabilities = softmax(tensor([1, 2, 3]))
 * ```
 */
export const softmax: <D extends FloatDType>(x: Tensor<D>, axis?: number) => Tensor<D> =
  defineComposite(
    'softmax',
    (x, axis = -1) => {
      checkFloat('softmax', x)
      const along = normalizeAxis('softmax', axis, x.rank)
      const e = exp(belowMax(x, along))
      return div(e, sum(e, along, { keepDims: true }))
    },
    ['x', 'axis'],
  )

/** What the elements are below the largest one along an axis, at most 0. */
function belowMax<D extends FloatDType>(x: Tensor<D>, axis: number): Tensor<D> {
  return sub(x, stopGradient(max(x, axis, { keepDims: true })))
}

/** `log softmax(x)` along `axis`, without the cancellation of taking the logarithm afterwards. */
export const logSoftmax: <D extends FloatDType>(x: Tensor<D>, axis?: number) => Tensor<D> =
  defineComposite(
    'logSoftmax',
    (x, axis = -1) => {
      checkFloat('logSoftmax', x)
      const along = normalizeAxis('logSoftmax', axis, x.rank)
      const shifted = belowMax(x, along)
      const total = sum(exp(shifted), along, { keepDims: true })
      return sub(shifted, log(total))
    },
    ['x', 'axis'],
  )
