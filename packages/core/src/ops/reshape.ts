import type { DType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Axes, Tensor } from '../graph/tensor.ts'
import { flatten, unflatten } from '../index-algebra/index.ts'
import { formatShape, normalizeAxis, type Shape, sameShape, sizeOf } from '../shape.ts'
import { checkTensor } from './check-tensor.ts'
import { defineOp } from './define-op.ts'
import { axesOf, keptShape } from './reduction.ts'

const reshapeOp = defineOp<'x', { shape: Shape }>({
  name: 'reshape',
  keepsOrder: true,
  infer: ({ x }, { shape }) => ({ shape, dtype: x.dtype }),
  lower: ({ x }, { at, shape, space }) => x.at(...unflatten(flatten(at, shape, space), x.shape)),
  vjp: (dy, { x }) => ({ x: reshape(dy, x.shape) }),
})

/**
 * The same elements in row-major order under another shape, of which one size may be −1.
 *
 * @throws ShapeError if the number of elements differs.
 * @example
 * ```ts
 * import { reshape, tensor } from '@tensorweft/core'
 *
 * const column = reshape(tensor([1, 2, 3]), [-1, 1])
 * ```
 */
export function reshape<D extends DType>(x: Tensor<D>, shape: Shape): Tensor<D> {
  const full = withInferredSize(checkTensor('reshape', 'x', x).shape, shape)
  return sameShape(x.shape, full) ? x : reshapeOp.apply({ x }, { shape: full })
}

function withInferredSize(from: Shape, to: Shape): number[] {
  const wanted = Array.isArray(to) ? to : [Number.NaN]
  const known = wanted.filter((n) => n !== -1)
  const size = sizeOf(from)
  const rest = size / sizeOf(known)
  const full = wanted.map((n) => (n === -1 ? rest : n))
  const valid =
    full.every((n) => Number.isInteger(n) && n >= 0) && wanted.length - known.length <= 1
  if (!valid || sizeOf(full) !== size) {
    throw new ShapeError('reshape', {
      got: `x is ${formatShape(from)} with ${size} elements and shape is ${formatShape(to)}`,
      wanted: 'a shape with as many elements, in which at most one size is −1',
    })
  }
  return full
}

/** A new axis of size 1 at position `axis` of the result; negative counts from its end. */
export function expandDims<D extends DType>(x: Tensor<D>, axis: number): Tensor<D> {
  checkTensor('expandDims', 'x', x)
  return reshape(x, x.shape.toSpliced(normalizeAxis('expandDims', axis, x.rank + 1), 0, 1))
}

/**
 * `x` without the given axes, or without all axes of size 1.
 *
 * @throws ShapeError if a given axis has another size.
 */
export function squeeze<D extends DType>(x: Tensor<D>, axes: Axes = null): Tensor<D> {
  checkTensor('squeeze', 'x', x)
  const ones = x.shape.flatMap((n, axis) => (n === 1 ? [axis] : []))
  const list = axesOf('squeeze', x, axes ?? ones)
  const wrong = list.find((axis) => x.shape[axis] !== 1)
  if (wrong !== undefined) {
    throw new ShapeError('squeeze', {
      got: `axis ${wrong} of ${formatShape(x.shape)} with size ${x.shape[wrong]}`,
      wanted: 'axes of size 1',
    })
  }
  return reshape(x, keptShape(x.shape, list))
}
