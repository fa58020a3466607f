import type { DType } from '../dtype.ts'
import { isFloat } from '../dtype.ts'
import { ArgumentError, ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import type { Index } from '../index-algebra/index.ts'
import type { ScalarBuilder } from '../scalar/builder.ts'
import type { Scalar } from '../scalar/scalar.ts'
import { formatShape } from '../shape.ts'
import { checkTensor } from './check-tensor.ts'
import { defineOp } from './define-op.ts'
import { takeAlongAxis } from './gather.ts'
import { axisOf } from './reduction.ts'
import { sliceAlong } from './slice.ts'

type SortAttributes = { axis: number; descending: boolean }

/** Number of elements along the axis that come before each one. */
const sortRankOp = defineOp<'x', SortAttributes>({
  name: 'sortRank',
  infer: ({ x }) => ({ shape: x.shape, dtype: 'int32' }),
  lower: ({ x }, { at, attributes: { axis, descending }, scalar, space, reduce }) => {
    const own = { value: x.at(...at), index: at[axis] ?? space.constant(0) }
    return reduce('sum', [x.shape[axis] ?? 1], ([along = space.constant(0)]) => {
      const other = { value: x.at(...at.with(axis, along)), index: along }
      const isBefore = comesBefore(scalar, other, own, descending)
      return scalar.cast(isBefore, 'int32')
    })
  },
})

/** The inverse of the ranks: which element comes p-th. Where a backend sorts, nobody needs them. */
const argSortOp = defineOp<'x' | 'ranks', SortAttributes>({
  name: 'argSort',
  infer: ({ ranks }) => ranks,
  lower: ({ ranks }, { at, attributes: { axis }, scalar, space, reduce }) => {
    const place = scalar.index(at[axis] ?? space.constant(0))
    return reduce('sum', [ranks.shape[axis] ?? 1], ([along = space.constant(0)]) => {
      const rank = ranks.at(...at.with(axis, along))
      return scalar.where(scalar.equal(rank, place), scalar.index(along), 0)
    })
  },
  walk: ({ x }, { attributes: { axis, descending } }) => ({
    kind: 'sort',
    axis,
    descending,
    element: (at) => x.at(...at),
  }),
})

interface Entry {
  readonly value: Scalar
  readonly index: Index
}

/** By value, NaN last, equal ones by their position. */
function comesBefore(scalar: ScalarBuilder, a: Entry, b: Entry, descending: boolean): Scalar {
  const isEarlier = scalar.less(scalar.index(a.index), scalar.index(b.index))
  const isLess = descending ? scalar.less(b.value, a.value) : scalar.less(a.value, b.value)
  const isTied = scalar.and(scalar.equal(a.value, b.value), isEarlier)
  const ordered = scalar.or(isLess, isTied)
  if (!isFloat(a.value.dtype)) return ordered
  const isNumber = (value: Scalar) => scalar.equal(value, value)
  const beatsNaN = scalar.or(isNumber(a.value), isEarlier)
  return scalar.where(isNumber(b.value), ordered, beatsNaN)
}

/** How to sort. */
export interface SortOptions {
  /** From the greatest to the least; by default the other way. */
  readonly descending?: boolean
}

/**
 * Positions that sort `x` along `axis`: int32 of the shape of `x`. Stable in both directions: equal
 * elements keep their order. NaN comes last.
 *
 * @throws ShapeError for an axis that `x` does not have.
 * @example
 * ```ts
 * await argSort(tensor([3, 1, 2])).array() // [1, 2, 0]
 * ```
 */
export function argSort<D extends DType>(
  x: Tensor<D>,
  axis = -1,
  { descending = false }: SortOptions = {},
): Tensor<'int32'> {
  const attributes = { axis: axisOf('argSort', x, axis), descending }
  const ranks = sortRankOp.apply<'int32'>({ x }, attributes)
  return argSortOp.apply({ x, ranks }, attributes)
}

/**
 * `x` in ascending or descending order along `axis`, see `argSort`. The gradient goes where the
 * elements came from.
 *
 * @example
 * ```ts
 * await sort(tensor([3, 1, 2]), -1, { descending: true }).array() // [3, 2, 1]
 * ```
 */
export function sort<D extends DType>(
  x: Tensor<D>,
  axis = -1,
  options: SortOptions = {},
): Tensor<D> {
  const along = axisOf('sort', x, axis)
  return takeAlongAxis(x, argSort(x, along, options), along)
}

/**
 * The `k` greatest elements along the last axis in descending order, and their positions: both
 * [..., k]. Equal elements come in their order.
 *
 * @throws ArgumentError unless k is an integer from 0 to the size of the last axis; ShapeError for
 * a scalar.
 * @example
 * ```ts
 * const best = topK(tensor([1, 5, 3]), 2)
 * await best.values.array() // [5, 3]
 * await best.indices.array() // [1, 2]
 * ```
 */
export function topK<D extends DType>(
  x: Tensor<D>,
  k: number,
): { values: Tensor<D>; indices: Tensor<'int32'> } {
  const size = checkTensor('topK', 'x', x).shape.at(-1)
  if (size === undefined) {
    throw new ShapeError('topK', {
      got: `x is ${formatShape(x.shape)}`,
      wanted: 'an axis at least',
    })
  }
  if (!Number.isInteger(k) || k < 0 || k > size) {
    throw new ArgumentError('topK', {
      got: `k ${k} for ${size} elements`,
      wanted: `an integer from 0 to ${size}`,
    })
  }
  const order = argSort(x, -1, { descending: true })
  const indices = sliceAlong(order, x.rank - 1, 0, k)
  return { values: takeAlongAxis(x, indices), indices }
}
