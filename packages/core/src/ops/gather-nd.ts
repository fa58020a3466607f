import type { DType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape, sizeOf } from '../shape.ts'
import { add } from './add.ts'
import { checkTyped, isInt32 } from './check-dtype.ts'
import { checkTensor } from './check-tensor.ts'
import { greaterEqual, less } from './compare.ts'
import { gather } from './gather.ts'
import { logicalAnd } from './logical.ts'
import { mul } from './mul.ts'
import { reshape } from './reshape.ts'
import { slice } from './slice.ts'
import { where } from './where.ts'

/**
 * Slices of `x` whose place on its first k axes is given: `indices` [..., k] gives
 * [..., x.shape[k:]]. A place outside of `x` gives NaN, or 0 where `x` holds no floats.
 *
 * @throws DTypeError unless indices are int32; ShapeError if k is 0 or more than x has axes.
 * @example
 * ```ts
 * const corners = tensor([[0, 0], [1, 1]], { dtype: 'int32' })
 * await gatherND(tensor([[1, 2], [3, 4]]), corners).array() // [1, 4]
 * ```
 */
export function gatherND<D extends DType>(x: Tensor<D>, indices: Tensor<'int32'>): Tensor<D> {
  checkTensor('gatherND', 'x', x)
  checkTyped('gatherND', 'indices', indices, isInt32)
  const depth = indices.shape.at(-1) ?? 0
  if (depth < 1 || depth > x.rank) {
    throw new ShapeError('gatherND', {
      got: `x is ${formatShape(x.shape)} and indices are ${formatShape(indices.shape)}`,
      wanted: `indices [..., k] with k from 1 to ${x.rank}`,
    })
  }
  const addressed = x.shape.slice(0, depth)
  const rows = reshape(x, [sizeOf(addressed), ...x.shape.slice(depth)])
  return gather(rows, rowNumbers(indices, addressed))
}

/** Row-major positions of places; −1 for one outside. */
function rowNumbers(indices: Tensor<'int32'>, sizes: readonly number[]): Tensor<'int32'> {
  const shape = indices.shape.slice(0, -1)
  const zeros = shape.map(() => 0)
  const parts = sizes.map((size, i) => {
    const index = reshape(slice(indices, [...zeros, i], [...shape, 1]), shape)
    return {
      isInside: logicalAnd(greaterEqual(index, 0), less(index, size)),
      offset: mul(index, sizeOf(sizes.slice(i + 1))),
    }
  })
  const all = parts.reduce((a, b) => ({
    isInside: logicalAnd(a.isInside, b.isInside),
    offset: add(a.offset, b.offset),
  }))
  return where(all.isInside, all.offset, -1)
}
