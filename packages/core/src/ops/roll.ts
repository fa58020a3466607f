import type { DType } from '../dtype.ts'
import { ArgumentError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape, normalizeAxis } from '../shape.ts'
import { defineOp, type Op } from './define-op.ts'
import { axesOf } from './reduction.ts'

/** `shifts`: per axis, from 0 to below its size. */
const rollOp: Op<'x', { shifts: readonly number[] }> = defineOp({
  name: 'roll',
  infer: ({ x }) => x,
  lower: ({ x }, { at, attributes: { shifts } }) =>
    x.at(
      ...at.map((index, axis) => {
        const shift = shifts[axis] ?? 0
        return shift === 0 ? index : index.sub(shift).mod(x.shape[axis] ?? 1)
      }),
    ),
  vjp: (dy, { x }, { attributes: { shifts } }) => ({
    x: rollOp.apply(
      { x: dy },
      { shifts: shifts.map((shift, axis) => wrap(-shift, x.shape[axis])) },
    ),
  }),
})

/**
 * `x` moved by `shifts` along `axes` towards higher indices; what leaves at the end comes back at
 * the beginning. `x`: any shape and dtype.
 *
 * @throws ShapeError for wrong or repeated axes, ArgumentError unless there is an integer shift for
 * each of them.
 * @example
 * ```ts
 * await roll(tensor([1, 2, 3, 4]), 1, 0).array() // [4, 1, 2, 3]
 * ```
 */
export function roll<D extends DType>(
  x: Tensor<D>,
  shifts: number | readonly number[],
  axes: number | readonly number[],
): Tensor<D> {
  const distances = [shifts].flat()
  const along = [axes].flat()
  axesOf('roll', x, along)
  if (distances.length !== along.length || !distances.every(Number.isSafeInteger)) {
    throw new ArgumentError('roll', {
      got: `shifts ${formatShape(distances)} for axes ${formatShape(along)}`,
      wanted: 'one integer per axis',
    })
  }
  const wrapped = x.shape.map(() => 0)
  along.forEach((axis, i) => {
    const to = normalizeAxis('roll', axis, x.rank)
    wrapped[to] = wrap(distances[i] ?? 0, x.shape[to])
  })
  return wrapped.every((shift) => shift === 0) ? x : rollOp.apply<D>({ x }, { shifts: wrapped })
}

/** A shift in one direction and less than once around. */
function wrap(shift: number, size = 0): number {
  return size === 0 ? 0 : ((shift % size) + size) % size
}
