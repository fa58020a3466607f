import type { DType } from '../dtype.ts'
import type { Axes, ReduceOptions, Tensor } from '../graph/tensor.ts'
import { cast } from './cast.ts'
import { equal } from './compare.ts'
import { defineReduction, reduceOver } from './define-reduction.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'
import { axesOf, choiceOf } from './reduction.ts'
import { spread, sum } from './sum.ts'

/** The greatest or the least: they differ in nothing but the combiner. */
function defineExtremum(name: 'max' | 'min') {
  const op = defineReduction(name, (dy, x, axes, y) => {
    const wins = cast(equal(x, spread(y, x.shape, axes)), dy.dtype)
    return mul(wins, spread(div(dy, sum(wins, axes)), x.shape, axes))
  })
  return <D extends DType>(x: Tensor<D>, axes: Axes = null, options: ReduceOptions = {}) => {
    const list = axesOf(name, x, axes)
    choiceOf(name, x.shape, list)
    return reduceOver(op, x, list, options)
  }
}

/**
 * The greatest element over `axes` (default: all); NaN if there is one. Ties split the gradient
 * evenly.
 *
 * @throws ShapeError over no elements.
 */
export const max = defineExtremum('max')

/** The least element over `axes`, as `max`. */
export const min = defineExtremum('min')
