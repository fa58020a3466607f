import type { DType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { ReduceOptions, Tensor } from '../graph/tensor.ts'
import { formatShape, normalizeAxis } from '../shape.ts'
import { equal, notEqual } from './compare.ts'
import { indices } from './indices.ts'
import { logicalOr } from './logical.ts'
import { max, min } from './max.ts'
import { withOnes } from './reduction.ts'
import { reshape } from './reshape.ts'
import { where } from './where.ts'

/** Position of the element that `choose` takes. */
function definePosition(name: string, choose: typeof max) {
  return <D extends DType>(
    x: Tensor<D>,
    axis: number | null = -1,
    { keepDims = false }: ReduceOptions = {},
  ): Tensor<'int32'> => {
    const values = axis === null ? reshape(x, [x.size]) : x
    const along = normalizeAxis(name, axis ?? 0, values.rank)
    const length = values.shape[along] ?? 0
    if (length === 0) {
      throw new ShapeError(name, {
        got: `x is ${formatShape(x.shape)} and axis is ${axis}`,
        wanted: 'at least one element to choose from',
      })
    }
    const chosen = choose(values, along, { keepDims: true })
    const isChoice = logicalOr(equal(values, chosen), notEqual(values, values))
    const position = min(where(isChoice, indices(values.shape, along), length), along)
    if (!keepDims) return position
    return reshape(
      position,
      withOnes(
        x.shape,
        x.shape.flatMap((_, n) => (axis === null || n === along ? [n] : [])),
      ),
    )
  }
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
