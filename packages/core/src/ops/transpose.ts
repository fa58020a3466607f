import type { DType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape } from '../shape.ts'
import { defineOp } from './define-op.ts'

const transposeOp = defineOp<'x', { permutation: readonly number[] }>({
  name: 'transpose',
  infer: ({ x }, { permutation }) => ({
    shape: permutation.map((axis) => x.shape[axis] ?? 1),
    dtype: x.dtype,
  }),
  lower: ({ x }, { at, attributes: { permutation } }) =>
    x.at(...inverse(permutation).flatMap((position) => at[position] ?? [])),
  vjp: (dy, _, { attributes: { permutation } }) => ({ x: transpose(dy, inverse(permutation)) }),
  samples: [{ inputs: { x: { shape: [2, 3, 4] } }, attributes: { permutation: [2, 0, 1] } }],
})

/**
 * Axes in another order: axis i of the result is axis `permutation[i]` of `x`. By default all axes
 * are reversed.
 *
 * @throws ShapeError if `permutation` does not hold each axis once.
 */
export function transpose<D extends DType>(
  x: Tensor<D>,
  permutation: readonly number[] = x.shape.map((_, axis) => x.rank - 1 - axis),
): Tensor<D> {
  const normal = permutation.map((axis) => (axis < 0 ? axis + x.rank : axis))
  const isPermutation =
    normal.length === x.rank && x.shape.every((_, axis) => normal.includes(axis))
  if (!isPermutation) {
    throw new ShapeError('transpose', {
      got: `permutation ${formatShape(permutation)} for a tensor of rank ${x.rank}`,
      wanted: 'each axis once',
    })
  }
  if (normal.every((axis, i) => axis === i)) return x
  return transposeOp.apply({ x }, { permutation: normal })
}

function inverse(permutation: readonly number[]): number[] {
  return permutation.map((_, axis) => permutation.indexOf(axis))
}
