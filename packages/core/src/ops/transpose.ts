import type { DType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape } from '../shape.ts'
import { isPerAxis } from './check-numbers.ts'
import { checkTensor } from './check-tensor.ts'
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
})

/**
 * Axes in another order: axis i of the result is axis `permutation[i]` of `x`. By default all axes
 * are reversed.
 *
 * @throws ShapeError if `permutation` does not hold each axis once.
 */
export function transpose<D extends DType>(
  x: Tensor<D>,
  permutation?: readonly number[],
): Tensor<D> {
  const { rank } = checkTensor('transpose', 'x', x)
  const given = permutation ?? x.shape.map((_, axis) => rank - 1 - axis)
  const normal = [given].flat().map((axis) => (axis < 0 ? axis + rank : axis))
  const isPermutation = isPerAxis(given, rank) && x.shape.every((_, axis) => normal.includes(axis))
  if (!isPermutation) {
    throw new ShapeError('transpose', {
      got: `permutation ${formatShape(given)} for a tensor of rank ${rank}`,
      wanted: 'each axis once',
    })
  }
  if (normal.every((axis, i) => axis === i)) return x
  return transposeOp.apply({ x }, { permutation: normal })
}

function inverse(permutation: readonly number[]): number[] {
  return permutation.map((_, axis) => permutation.indexOf(axis))
}
