import type { DType } from '../dtype.ts'
import { isFloat } from '../dtype.ts'
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts'
import type { LoweredInput, Tensor } from '../graph/tensor.ts'
import type { Index } from '../index-algebra/index.ts'
import { formatShape, normalizeAxis, type Shape, sameShape } from '../shape.ts'
import { type AnyTensor, defineOp, type Op } from './define-op.ts'
import { zerosLike } from './full.ts'
import { checkSameDType } from './number.ts'
import { gatherIndex } from './reduction.ts'
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
    const others = [...at.slice(0, axis), ...at.slice(axis + ownRank(indices.shape, x.shape))]
    const element = x.gather(axis, scalar.where(isInside, index, 0), others)
    return scalar.where(isInside, element, outside)
  },
  vjp: (dy, { x, indices }, { attributes: { axis } }) => ({
    x: scatterAddOp.apply({ x: zerosLike(x), indices, updates: dy }, { axis }),
  }),
  samples: [
    {
      inputs: {
        x: { shape: [4, 3] },
        indices: { shape: [5, 1], dtype: 'int32', range: [0, 3] },
      },
      attributes: { axis: 0 },
    },
  ],
})

const scatterAddOp: Op<'x' | 'indices' | 'updates', { axis: number }> = defineOp({
  name: 'scatterAdd',
  infer: ({ x }) => ({ shape: x.shape, dtype: x.dtype }),
  lower: ({ x, indices, updates }, { at, attributes: { axis }, scalar, reduce }) => {
    const others = [...at.slice(0, axis), ...at.slice(axis + 1)]
    const place = at[axis]
    if (place === undefined) throw new Error('scatterAdd: no axis to add along')
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
  samples: [
    {
      inputs: {
        x: { shape: [4, 3] },
        indices: { shape: [5, 1], dtype: 'int32', range: [0, 3] },
        updates: { shape: [5, 3] },
      },
      attributes: { axis: 0 },
    },
  ],
})

/** Axes of indices that stand in place of the one of x. */
function ownRank(indices: Shape, x: Shape): number {
  return indices.length - x.length + 1
}

function pointsOf(indices: Shape, x: Shape, axis: number): Shape {
  return indices.slice(axis, axis + ownRank(indices, x))
}

function gatheredShape(x: Shape, indices: Shape, axis: number): Shape {
  return [...x.slice(0, axis), ...pointsOf(indices, x, axis), ...x.slice(axis + 1)]
}

function updateAt(
  indices: LoweredInput,
  updates: LoweredInput,
  axis: number,
  others: readonly Index[],
  point: readonly Index[],
) {
  const at = [...others.slice(0, axis), ...point, ...others.slice(axis)]
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
  const along = normalizeAxis('gather', axis, x.rank)
  checkIndices('gather', indices, x.shape[along] ?? 0)
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
  const along = normalizeAxis('takeAlongAxis', axis, x.rank)
  checkIndices('takeAlongAxis', indices, x.shape[along] ?? 0)
  const others = (shape: Shape) => shape.filter((_, i) => i !== along)
  if (indices.rank !== x.rank || !sameShape(others(indices.shape), others(x.shape))) {
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
export function scatterAdd<D extends 'float32' | 'float64' | 'int32'>(
  x: Tensor<D>,
  indices: Tensor<'int32'>,
  updates: Tensor<D>,
  axis = 0,
): Tensor<D> {
  const along = normalizeAxis('scatterAdd', axis, x.rank)
  checkIndices('scatterAdd', indices, x.shape[along] ?? 0)
  checkSameDType('scatterAdd', x.dtype, updates.dtype)
  checkAddable(x)
  const wanted = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)]
  if (!sameShape(updates.shape, wanted)) {
    throw new ShapeError('scatterAdd', {
      got: `updates are ${formatShape(updates.shape)}`,
      wanted: `${formatShape(wanted)} for x ${formatShape(x.shape)} and indices ${formatShape(indices.shape)}`,
    })
  }
  return scatterAddOp.apply({ x, indices: aligned(indices, x, along), updates }, { axis: along })
}

/** Indices with axes of size 1 for the other axes of x. */
function aligned(indices: Tensor<'int32'>, x: AnyTensor, axis: number): Tensor<'int32'> {
  const ones = (n: number) => new Array<number>(n).fill(1)
  return reshape(indices, [...ones(axis), ...indices.shape, ...ones(x.rank - 1 - axis)])
}

function checkAddable(x: AnyTensor): void {
  if (isFloat(x.dtype) || x.dtype === 'int32') return
  throw new DTypeError('scatterAdd', {
    got: `x is ${x.dtype}`,
    wanted: 'floats or int32',
    hint: "cast it: x.cast('int32')",
  })
}

/** Throws for indices of another dtype, and for those that are still at hand and lie outside. */
function checkIndices(op: string, indices: AnyTensor, size: number): void {
  if (indices.dtype !== 'int32') {
    throw new DTypeError(op, {
      got: `indices are ${indices.dtype}`,
      wanted: 'int32',
      hint: "cast them: indices.cast('int32')",
    })
  }
  const { hostData } = indices.node
  if (hostData === undefined) return
  const values = new Int32Array(hostData.buffer, hostData.byteOffset, hostData.byteLength / 4)
  const wrong = values.find((index) => index < 0 || index >= size)
  if (wrong === undefined) return
  throw new ArgumentError(op, {
    got: `index ${wrong}`,
    wanted: size === 0 ? 'no index, as the axis is empty' : `indices from 0 to ${size - 1}`,
  })
}
