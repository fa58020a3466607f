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
export function softmax<D extends FloatDType>(x: Tensor<D>, axis = -1): Tensor<D> {
  return softmaxRegion(x, axis)
}

const softmaxRegion: <D extends FloatDType>(x: Tensor<D>, axis: number) => Tensor<D> =
  defineComposite('softmax', (x, axis) => {
    checkFloat('softmax', x)
    const along = normalizeAxis('softmax', axis, x.rank)
    const e = exp(sub(x, finiteMax(x, along)))
    return div(e, sum(e, along, { keepDims: true }))
  })

/** `log softmax(x)` along `axis`, without the cancellation of taking the logarithm afterwards. */
export function logSoftmax<D extends FloatDType>(x: Tensor<D>, axis = -1): Tensor<D> {
  return logSoftmaxRegion(x, axis)
}

const logSoftmaxRegion: <D extends FloatDType>(x: Tensor<D>, axis: number) => Tensor<D> =
  defineComposite('logSoftmax', (x, axis) => {
    checkFloat('logSoftmax', x)
    const along = normalizeAxis('logSoftmax', axis, x.rank)
    const shifted = sub(x, finiteMax(x, along))
    const total = sum(exp(shifted), along, { keepDims: true })
    return sub(shifted, log(total))
  })
