import type { DType } from '../dtype.ts'
import type { ReduceOptions, Tensor } from '../graph/tensor.ts'
import { equal, notEqual } from './compare.ts'
import { defineComposite } from './define-composite.ts'
import { indices } from './indices.ts'
import { logicalOr } from './logical.ts'
import { max, min } from './max.ts'
import { axesOf, choiceOf, withOnes } from './reduction.ts'
import { reshape } from './reshape.ts'
import { where } from './where.ts'

/** Position of the element that `choose` takes. */
function definePosition(name: string, choose: typeof max) {
  const positionOf = <D extends DType>(
    x: Tensor<D>,
    axis: number | null = -1,
    { keepDims = false }: ReduceOptions = {},
  ): Tensor<'int32'> => {
    const axes = axesOf(name, x, axis)
    const length = choiceOf(name, x.shape, axes)
    const values = axis === null ? reshape(x, [x.size]) : x
    const [along = 0] = axes
    const chosen = choose(values, along, { keepDims: true })
    const isChoice = logicalOr(equal(values, chosen), notEqual(values, values))
    const position = min(where(isChoice, indices(values.shape, along), length), along)
    return keepDims ? reshape(position, withOnes(x.shape, axes)) : position
  }
  return defineComposite(name, positionOf, ['x', 'axis', 'options']) as typeof positionOf
}

/**
 * Position of the greatest element along `axis`, the first of equal ones, the first NaN if there is
 * one: int32 without that axis. With `null` for the axis it is the position in the flat tensor.
 *
 * @throws ShapeError for a wrong or an empty axis.
 * @example
 * ```ts
 * await argMax(tensor([[1, 5, 3], [7, 2, 7]])).array() // [1, 0]
 * ```
 */
export const argMax = definePosition('argMax', max)

/** Position of the least element, as `argMax`. */
export const argMin = definePosition('argMin', min)
