import { arange } from '../creation/arange.ts'
import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { normalizeAxis } from '../shape.ts'
import { cumSum } from './cumulative.ts'
import { defineComposite } from './define-composite.ts'
import { div } from './div.ts'
import { checkFloat, finiteMax } from './log-sum-exp.ts'
import { max } from './max.ts'
import { relu } from './relu.ts'
import { reshape } from './reshape.ts'
import { sort } from './sort.ts'
import { sub } from './sub.ts'

/**
 * The point of the probability simplex that is closest to `x` along `axis`, with zeros where `x` is
 * small: `max(x − τ, 0)` with the τ for which the sum is 1. Martins, Astudillo: "From softmax to
 * sparsemax", 2016.
 *
 * @throws DTypeError unless `x` is float, ShapeError for an axis that it does not have.
 * @example
 * ```ts
 * await sparsemax(tensor([0.5, 1, -3])).array() // [0.25, 0.75, 0]
 * ```
 */
export const sparsemax: <D extends FloatDType>(x: Tensor<D>, axis?: number) => Tensor<D> =
  defineComposite(
    'sparsemax',
    (x, axis = -1) => {
      checkFloat('sparsemax', x)
      const along = normalizeAxis('sparsemax', axis, x.rank)
      const counts = arange(1, (x.shape[along] ?? 0) + 1, 1, x.dtype)
      const column = x.shape.map((size, i) => (i === along ? size : 1))
      // τ for the k greatest is their mean less 1 / k; the right k has the greatest.
      const shifted = sub(x, finiteMax(x, along))
      const totals = cumSum(sort(shifted, along, { descending: true }), along)
      const thresholds = div(sub(totals, 1), reshape(counts, column))
      return relu(sub(shifted, max(thresholds, along, { keepDims: true })))
    },
    ['x', 'axis'],
  )
