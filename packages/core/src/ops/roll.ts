import type { DType } from '../dtype.ts'
import { ArgumentError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape, normalizeAxes, normalizeAxis } from '../shape.ts'
import { concat } from './concat.ts'
import { split } from './split.ts'

/**
 * `x` moved by `shifts` along `axes` towards higher indices; what leaves at the end comes back at
 * the beginning. `x`: any shape and dtype.
 *
 * @throws ShapeError for wrong or repeated axes, ArgumentError unless there is an integer shift for
 * each of them.
 * @example
 * ```ts
 * import { roll, tensor } from '@tensorweft/core'
 *
 * await roll(tensor([1, 2, 3, 4]), 1, 0).array() // [4, 1, 2, 3]
 * ```
 */
export function roll<D extends DType>(
  x: Tensor<D>,
  shifts: number | readonly number[],
  axes: number | readonly number[],
): Tensor<D> {
  const distances = typeof shifts === 'number' ? [shifts] : shifts
  const along = typeof axes === 'number' ? [axes] : axes
  normalizeAxes('roll', along, x.rank)
  if (distances.length !== along.length || !distances.every(Number.isSafeInteger)) {
    throw new ArgumentError('roll', {
      got: `shifts ${formatShape(distances)} for axes ${formatShape(along)}`,
      wanted: 'one integer per axis',
    })
  }
  return along.reduce((rolled, axis, i) => {
    return rollAxis(rolled, distances[i] ?? 0, normalizeAxis('roll', axis, x.rank))
  }, x)
}

function rollAxis<D extends DType>(x: Tensor<D>, shift: number, axis: number): Tensor<D> {
  const length = x.shape[axis] ?? 0
  const wrapped = length === 0 ? 0 : ((shift % length) + length) % length
  if (wrapped === 0) return x
  return concat(split(x, [length - wrapped, wrapped], axis).reverse(), axis)
}
