import type { DType } from '../dtype.ts'
import type { Axes, ReduceOptions, Tensor } from '../graph/tensor.ts'
import { type Shape, sizeOf } from '../shape.ts'
import { checkTyped, hasProducts } from './check-dtype.ts'
import { cumProd } from './cumulative.ts'
import { defineReduction, reduceOver } from './define-reduction.ts'
import { mul } from './mul.ts'
import { axesOf, keptShape, reducedExtents } from './reduction.ts'
import { reshape } from './reshape.ts'
import { spread } from './sum.ts'
import { transpose } from './transpose.ts'

const prodOp = defineReduction('prod', (dy, x, axes) =>
  mul(spread(dy, x.shape, axes), productOfOthers(x, axes)),
)

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
  checkTyped('prod', 'x', x, hasProducts)
  return reduceOver(prodOp, x, axesOf('prod', x, axes), options)
}
