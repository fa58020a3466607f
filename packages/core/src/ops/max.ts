import type { DType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Axes, ReduceOptions, Tensor } from '../graph/tensor.ts'
import { formatShape, normalizeAxes, sizeOf } from '../shape.ts'
import { cast } from './cast.ts'
import { equal } from './compare.ts'
import { defineOp } from './define-op.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'
import { keptShape, mergeIndices, reducedExtents, withOnes } from './reduction.ts'
import { reshape } from './reshape.ts'
import { broadcastTo, sum } from './sum.ts'

/** The greatest or the least: they differ in nothing but the combiner. */
function defineExtremum(name: 'max' | 'min') {
  const op = defineOp<'x', { axes: readonly number[] }>({
    name,
    infer: ({ x }, { axes }) => ({ shape: keptShape(x.shape, axes), dtype: x.dtype }),
    lower: ({ x }, { at, attributes: { axes }, reduce }) =>
      reduce(name, reducedExtents(x.shape, axes), (inner) =>
        x.at(...mergeIndices(x.shape, axes, at, inner)),
      ),
    vjp: (dy, { x }, { attributes: { axes }, output }) => {
      const ones = withOnes(x.shape, axes)
      const wins = cast(equal(x, broadcastTo(reshape(output, ones), x.shape)), dy.dtype)
      const count = sum(wins, axes, { keepDims: true })
      return { x: mul(wins, broadcastTo(div(reshape(dy, ones), count), x.shape)) }
    },
    samples: [{ inputs: { x: { shape: [3, 4, 5] } }, attributes: { axes: [1] } }],
  })
  return <D extends DType>(x: Tensor<D>, axes: Axes = null, options: ReduceOptions = {}) => {
    const list = normalizeAxes(name, typeof axes === 'number' ? [axes] : axes, x.rank)
    if (sizeOf(reducedExtents(x.shape, list)) === 0) {
      throw new ShapeError(name, {
        got: `x is ${formatShape(x.shape)} and axes are ${formatShape(list)}`,
        wanted: 'at least one element to choose from',
      })
    }
    const y = op.apply<D>({ x }, { axes: list })
    return options.keepDims ? reshape(y, withOnes(x.shape, list)) : y
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
