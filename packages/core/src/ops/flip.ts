import type { DType } from '../dtype.ts'
import type { Axes, Tensor } from '../graph/tensor.ts'
import { defineOp, type Op } from './define-op.ts'
import { axesOf } from './reduction.ts'

const flipOp: Op<'x', { axes: readonly number[] }> = defineOp({
  name: 'flip',
  infer: ({ x }) => x,
  lower: ({ x }, { at, attributes: { axes } }) => {
    const last = (axis: number) => (x.shape[axis] ?? 1) - 1
    const flipped = at.map((index, axis) =>
      axes.includes(axis) ? index.mul(-1).add(last(axis)) : index,
    )
    return x.at(...flipped)
  },
  vjp: (dy, _, { attributes }) => ({ x: flipOp.apply({ x: dy }, attributes) }),
})

/**
 * `x` in reverse order along `axes` (default: all). `x`: any shape and dtype.
 *
 * @throws ShapeError for an axis that `x` does not have.
 * @example
 * ```ts
 * import { flip, tensor } from '@tensorweft/core'
 *
 * const mirrored = flip(tensor([[1, 2], [3, 4]]), 1)
 * ```
 */
export function flip<D extends DType>(x: Tensor<D>, axes: Axes = null): Tensor<D> {
  const list = axesOf('flip', x, axes)
  return list.length === 0 ? x : flipOp.apply<D>({ x }, { axes: list })
}
