import type { DType } from '../dtype.ts'
import { isFloat } from '../dtype.ts'
import { DTypeError } from '../errors.ts'
import type { Axes, ReduceOptions, Tensor } from '../graph/tensor.ts'
import { normalizeAxes, type Shape, sizeOf } from '../shape.ts'
import { cumProd } from './cumulative.ts'
import { defineOp } from './define-op.ts'
import { mul } from './mul.ts'
import { keptShape, mergeIndices, reducedExtents, withOnes } from './reduction.ts'
import { reshape } from './reshape.ts'
import { broadcastTo } from './sum.ts'
import { transpose } from './transpose.ts'

const prodOp = defineOp<'x', { axes: readonly number[] }>({
  name: 'prod',
  infer: ({ x }, { axes }) => ({ shape: keptShape(x.shape, axes), dtype: x.dtype }),
  lower: ({ x }, { at, attributes: { axes }, reduce }) =>
    reduce('prod', reducedExtents(x.shape, axes), (inner) =>
      x.at(...mergeIndices(x.shape, axes, at, inner)),
    ),
  vjp: (dy, { x }, { attributes: { axes } }) => ({
    x: mul(broadcastTo(reshape(dy, withOnes(x.shape, axes)), x.shape), productOfOthers(x, axes)),
  }),
  samples: [{ inputs: { x: { shape: [3, 4, 5] } }, attributes: { axes: [1] } }],
})

/** The product of all other elements of the row: of those before and those after, no division. */
function productOfOthers(x: Tensor, axes: readonly number[]): Tensor {
  const kept = x.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]))
  const order = [...kept, ...axes]
  const shapeInOrder: Shape = order.map((axis) => x.shape[axis] ?? 1)
  const rowShape = [...keptShape(x.shape, axes), sizeOf(reducedExtents(x.shape, axes))]
  const rows = reshape(transpose(x, order), rowShape)
  const before = cumProd(rows, -1, { exclusive: true })
  const after = cumProd(rows, -1, { exclusive: true, reverse: true })
  const back = x.shape.map((_, axis) => order.indexOf(axis))
  return transpose(reshape(mul(before, after), shapeInOrder), back)
}

/**
 * Product over `axes` (default: all). Floats and int32, which wraps; over no elements it is 1. The
 * gradient is right with zeros among the elements.
 *
 * @throws DTypeError for another dtype; ShapeError for axes that `x` does not have.
 * @example
 * ```ts
 * await prod(tensor([[1, 2], [3, 4]]), 1).array() // [2, 12]
 * ```
 */
export function prod<D extends Exclude<DType, 'bool' | 'uint8'>>(
  x: Tensor<D>,
  axes: Axes = null,
  options: ReduceOptions = {},
): Tensor<D> {
  if (!isFloat(x.dtype) && x.dtype !== 'int32') {
    throw new DTypeError('prod', {
      got: `x is ${String(x.dtype)}`,
      wanted: 'floats or int32',
      hint: "cast it: x.cast('int32')",
    })
  }
  const list = normalizeAxes('prod', typeof axes === 'number' ? [axes] : axes, x.rank)
  const product = prodOp.apply<D>({ x }, { axes: list })
  return options.keepDims ? reshape(product, withOnes(x.shape, list)) : product
}
