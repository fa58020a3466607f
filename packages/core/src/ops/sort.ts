import type { DType } from '../dtype.ts'
import { isFloat } from '../dtype.ts'
import { ArgumentError, ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import type { Index } from '../index-algebra/index.ts'
import type { ScalarBuilder } from '../scalar/builder.ts'
import type { Scalar } from '../scalar/scalar.ts'
import { formatShape, normalizeAxis } from '../shape.ts'
import { defineOp } from './define-op.ts'
import { takeAlongAxis } from './gather.ts'
import { slice } from './slice.ts'

type SortAttributes = { axis: number; descending: boolean }

/** Number of elements along the axis that come before each one. */
const sortRankOp = defineOp<'x', SortAttributes>({
  name: 'sortRank',
  infer: ({ x }) => ({ shape: x.shape, dtype: 'int32' }),
  lower: ({ x }, { at, attributes: { axis, descending }, scalar, reduce }) => {
    const own = { value: x.at(...at), index: at[axis] }
    return reduce('sum', [x.shape[axis] ?? 1], ([along]) => {
      const other = { value: x.at(...replaced(at, axis, along)), index: along }
      const isBefore = comesBefore(scalar, other, own, descending)
      return scalar.cast(isBefore, 'int32')
    })
  },
})

/** The inverse of the ranks: which element comes p-th. Where a backend sorts, nobody needs them. */
const argSortOp = defineOp<'x' | 'ranks', SortAttributes>({
  name: 'argSort',
  infer: ({ ranks }) => ranks,
  lower: ({ ranks }, { at, attributes: { axis }, scalar, reduce }) => {
    const place = at[axis]
    return reduce('sum', [ranks.shape[axis] ?? 1], ([along]) => {
      if (place === undefined || along === undefined) return scalar.constant('int32', 0)
      const rank = ranks.at(...replaced(at, axis, along))
      return scalar.where(scalar.equal(rank, scalar.index(place)), scalar.index(along), 0)
    })
  },
  walk: ({ x }, { attributes: { axis, descending } }) => ({
    kind: 'sort',
    axis,
    descending,
    element: (at) => x.at(...at),
  }),
})

function replaced(at: readonly Index[], axis: number, by: Index | undefined): Index[] {
  return at.map((index, i) => (i === axis && by !== undefined ? by : index))
}

interface Entry {
  readonly value: Scalar
  readonly index: Index | undefined
}

/** By value, NaN last, equal ones by their position. */
function comesBefore(scalar: ScalarBuilder, a: Entry, b: Entry, descending: boolean): Scalar {
  const position = ({ index }: Entry) =>
    index === undefined ? scalar.constant('int32', 0) : scalar.index(index)
  const isEarlier = scalar.less(position(a), position(b))
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
  const attributes = { axis: normalizeAxis('argSort', axis, x.rank), descending }
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
  const along = normalizeAxis('sort', axis, x.rank)
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
  const size = x.shape.at(-1)
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
  const begin = x.shape.map(() => 0)
  const indices = slice(order, begin, [...x.shape.slice(0, -1), k])
  return { values: takeAlongAxis(x, indices), indices }
}
