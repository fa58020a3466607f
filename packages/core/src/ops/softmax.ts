import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { normalizeAxis } from '../shape.ts'
import { defineComposite } from './define-composite.ts'
import { div } from './div.ts'
import { exp } from './exp.ts'
import { log } from './log.ts'
import { checkFloat, finiteMax } from './log-sum-exp.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'

/**
 * `eˣ / Σ eˣ` along `axis`, shifted by the maximum so that nothing overflows.
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
      const e = exp(sub(x, finiteMax(x, along)))
      return div(e, sum(e, along, { keepDims: true }))
    },
    ['x', 'axis'],
  )

/** `log softmax(x)` along `axis`, without the cancellation of taking the logarithm afterwards. */
export const logSoftmax: <D extends FloatDType>(x: Tensor<D>, axis?: number) => Tensor<D> =
  defineComposite(
    'logSoftmax',
    (x, axis = -1) => {
      checkFloat('logSoftmax', x)
      const along = normalizeAxis('logSoftmax', axis, x.rank)
      const shifted = sub(x, finiteMax(x, along))
      const total = sum(exp(shifted), along, { keepDims: true })
      return sub(shifted, log(total))
    },
    ['x', 'axis'],
  )
