import { arithmeticOf, type DType, type FloatDType, isFloat } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import { linkOp } from '../graph/link-op.ts'
import type { LoweredInput, Tensor } from '../graph/tensor.ts'
import type { Index } from '../index-algebra/index.ts'
import { formatShape, type Shape, sameShape } from '../shape.ts'
import { cast } from './cast.ts'
import { checkTyped, isInt32 } from './check-dtype.ts'
import { checkInside } from './check-inside.ts'
import { sameBeside } from './concat.ts'
import { type AnyTensor, defineOp, type Op } from './define-op.ts'
import { zerosLike } from './full.ts'
import { checkFactors } from './number.ts'
import { axisOf, gatherIndex } from './reduction.ts'
import { reshape } from './reshape.ts'

// Reading at computed places and adding there are each other's gradient. In both, `indices` has an
// axis for every axis of x but `axis`, of the same size or 1, and its own axes in place of that one.

const gatherOp: Op<'x' | 'indices', { axis: number }> = defineOp({
  name: 'gather',
  infer: ({ x, indices }, { axis }) => ({
    shape: gatheredShape(x.shape, indices.shape, axis),
    dtype: x.dtype,
  }),
  lower: ({ x, indices }, { at, attributes: { axis }, scalar }) => {
    const size = x.shape[axis] ?? 0
    const outside = isFloat(x.dtype) ? Number.NaN : 0
    if (size === 0) return scalar.constant(x.dtype, outside)
    const index = indices.at(...gatherIndex(indices.shape, at))
    const isInside = scalar.and(scalar.not(scalar.less(index, 0)), scalar.less(index, size))
    const others = at.toSpliced(axis, ownRank(indices.shape, x.shape))
    const element = x.gather(axis, scalar.where(isInside, index, 0), others)
    return scalar.where(isInside, element, outside)
  },
  vjp: (dy, { x, indices }, { attributes: { axis } }) => ({
    x: addedAt(zerosLike(x), indices, dy, axis),
  }),
})

const scatterAddOp: Op<'x' | 'indices' | 'updates', { axis: number }> = defineOp({
  name: 'scatterAdd',
  infer: ({ x }) => ({ shape: x.shape, dtype: x.dtype }),
  lower: ({ x, indices, updates }, { at, attributes: { axis }, scalar, reduce }) => {
    const others = at.toSpliced(axis, 1)
    const place = at[axis]
    if (place === undefined) throw new Error('scatterAdd: no axis')
    const added = reduce('sum', pointsOf(indices.shape, x.shape, axis), (point) => {
      const { target, value } = updateAt(indices, updates, axis, others, point)
      return scalar.where(scalar.equal(target, scalar.index(place)), value, 0)
    })
    return scalar.add(x.at(...at), added)
  },
  walk: ({ x, indices, updates }, { attributes: { axis } }) => ({
    kind: 'scatter',
    axis,
    points: pointsOf(indices.shape, x.shape, axis),
    initial: (at) => x.at(...at),
    update: (row, point) => updateAt(indices, updates, axis, row, point),
  }),
  vjp: (dy, { indices }, { attributes: { axis } }) => ({
    x: dy,
    updates: gatherOp.apply({ x: dy, indices }, { axis }),
  }),
})

/** Sums are made and kept in the dtype of arithmetic until they are complete. */
function addedAt<D extends DType>(
  x: Tensor<D>,
  indices: AnyTensor,
  updates: AnyTensor,
  axis: number,
): Tensor<D> {
  const dtype = arithmeticOf(x.dtype)
  const inputs = { x: cast(x, dtype), indices, updates: cast(updates, dtype) }
  return cast(scatterAddOp.apply<DType>(inputs, { axis }), x.dtype)
}

/** Axes of indices that stand in place of the one of x. */
function ownRank(indices: Shape, x: Shape): number {
  return indices.length - x.length + 1
}

function pointsOf(indices: Shape, x: Shape, axis: number): Shape {
  return indices.slice(axis, axis + ownRank(indices, x))
}

function gatheredShape(x: Shape, indices: Shape, axis: number): Shape {
  return x.toSpliced(axis, 1, ...pointsOf(indices, x, axis))
}

function updateAt(
  indices: LoweredInput,
  updates: LoweredInput,
  axis: number,
  others: readonly Index[],
  point: readonly Index[],
) {
  const at = others.toSpliced(axis, 0, ...point)
  return { target: indices.at(...gatherIndex(indices.shape, at)), value: updates.at(...at) }
}

/**
 * Slices of `x` along `axis` at the given positions: shape `x[:axis] + indices + x[axis + 1:]`.
 *
 * An index outside of `x` gives NaN, or 0 where `x` holds no floats; if the indices were given as
 * numbers and not used yet, it throws instead.
 *
 * @param indices int32, any shape.
 * @throws DTypeError unless indices are int32; ShapeError for a wrong axis; ArgumentError for an
 * index that is known to be outside.
 * @example
 * ```ts
 * const vectors = tensor([[0, 1], [2, 3], [4, 5]])
 * const words = gather(vectors, tensor([2, 0], { dtype: 'int32' }))
 * await words.array() // [[4, 5], [0, 1]]
 * ```
 */
export function gather<D extends DType>(
  x: Tensor<D>,
  indices: Tensor<'int32'>,
  axis = 0,
): Tensor<D> {
  const along = axisOf('gather', x, axis)
  checkIndices('gather', indices, x.shape[along])
  return gatherOp.apply({ x, indices: aligned(indices, x, along) }, { axis: along })
}

/**
 * The element of `x` at `indices` along `axis` for every other position: both have the same shape
 * but for that axis. What `argSort` returns sorts in this way.
 *
 * @throws DTypeError, ShapeError and ArgumentError as `gather`.
 */
export function takeAlongAxis<D extends DType>(
  x: Tensor<D>,
  indices: Tensor<'int32'>,
  axis = -1,
): Tensor<D> {
  const along = axisOf('takeAlongAxis', x, axis)
  checkIndices('takeAlongAxis', indices, x.shape[along])
  if (!sameBeside(indices.shape, x.shape, along)) {
    throw new ShapeError('takeAlongAxis', {
      got: `x is ${formatShape(x.shape)} and indices are ${formatShape(indices.shape)}`,
      wanted: `the same sizes on all axes but ${along}`,
    })
  }
  return gatherOp.apply({ x, indices }, { axis: along })
}

/**
 * `x` plus `updates`, where slice i of the updates along `axis` is added at position `indices[i]`.
 * Repeated indices add up, in order; updates for an index outside of `x` are left out.
 *
 * @param indices int32 [n].
 * @param updates The shape of `x` with n in place of the size of `axis`.
 * @throws DTypeError for a dtype without sums or that differs; ShapeError for shapes that do not
 * fit; ArgumentError for an index that is known to be outside.
 * @example
 * ```ts
 * const counts = scatterAdd(zeros([3]), tensor([0, 2, 0], { dtype: 'int32' }), ones([3]))
 * await counts.array() // [2, 0, 1]
 * ```
 */
export function scatterAdd<D extends FloatDType | 'int32'>(
  x: Tensor<D>,
  indices: Tensor<'int32'>,
  updates: Tensor<NoInfer<D>>,
  axis = 0,
): Tensor<D> {
  const along = axisOf('scatterAdd', x, axis)
  checkIndices('scatterAdd', indices, x.shape[along])
  checkFactors('scatterAdd', x, updates, ['x', 'updates'])
  const wanted = x.shape.toSpliced(along, 1, ...indices.shape)
  if (!sameShape(updates.shape, wanted)) {
    throw new ShapeError('scatterAdd', {
      got: `updates are ${formatShape(updates.shape)}`,
      wanted: `${formatShape(wanted)} for x ${formatShape(x.shape)} and indices ${formatShape(indices.shape)}`,
    })
  }
  return addedAt(x, aligned(indices, x, along), updates, along)
}

/** Indices with axes of size 1 for the other axes of x. */
function aligned(indices: Tensor<'int32'>, x: AnyTensor, axis: number): Tensor<'int32'> {
  const ones = x.shape.map(() => 1)
  return reshape(indices, ones.toSpliced(axis, 1, ...indices.shape))
}

function checkIndices(op: string, indices: Tensor<'int32'>, size = 0): void {
  checkTyped(op, 'indices', indices, isInt32)
  checkInside(op, indices, size)
}

linkOp(gather, gatherOp)
linkOp(scatterAdd, scatterAddOp)
