import { arithmeticOf, type DType } from '../dtype.ts'
import { linkOp } from '../graph/link-op.ts'
import type { Tensor } from '../graph/tensor.ts'
import { cast } from './cast.ts'
import { checkDType, hasProducts } from './check-dtype.ts'
import { less, lessEqual } from './compare.ts'
import { defineOp, type Op } from './define-op.ts'
import { flip } from './flip.ts'
import { indices } from './indices.ts'
import { mul } from './mul.ts'
import { axisOf } from './reduction.ts'
import { expandDims } from './reshape.ts'
import { padConstant, sliceAlong } from './slice.ts'
import { broadcastTo, sum } from './sum.ts'
import { where } from './where.ts'

type AlongAxis = { axis: number }
/** dtypes that have sums and products. */
export type NumberDType = Exclude<DType, 'bool' | 'uint8'>

function defineCumulative(
  name: string,
  combiner: 'sum' | 'prod',
  vjp: (dy: Tensor, x: Tensor, axis: number) => Tensor,
): Op<'x', AlongAxis> {
  return defineOp<'x', AlongAxis>({
    name,
    infer: ({ x }) => ({ shape: x.shape, dtype: x.dtype }),
    lower: ({ x }, { at, attributes: { axis }, scalar, space, reduce }) => {
      const last = scalar.index(at[axis] ?? space.constant(0))
      const neutral = combiner === 'sum' ? 0 : 1
      return reduce(combiner, [x.shape[axis] ?? 1], ([along = space.constant(0)]) => {
        const isLater = scalar.less(last, scalar.index(along))
        return scalar.where(isLater, neutral, x.at(...at.with(axis, along)))
      })
    },
    walk: ({ x }, { attributes: { axis } }) => ({
      kind: 'scan',
      axis,
      combiner,
      element: (at) => x.at(...at),
    }),
    vjp: (dy, { x }, { attributes: { axis } }) => ({ x: vjp(dy, x, axis) }),
  })
}

const cumSumOp = defineCumulative('cumSum', 'sum', (dy, _, axis) =>
  cumSum(dy, axis, { reverse: true }),
)

/**
 * dx_i = (Π_{j<i} x_j) · Σ_{k≥i} dy_k Π_{i<j≤k} x_j: without a division, so that zeros are no
 * special case. The products between i and k make a matrix of the axis by itself.
 */
const cumProdOp = defineCumulative('cumProd', 'prod', (dy, x, axis) => {
  const n = x.shape[axis] ?? 1
  const square = x.shape.toSpliced(axis, 0, n)
  const [i, k] = [indices(square, axis), indices(square, axis + 1)]
  const along = (row: Tensor) => broadcastTo(expandDims(row, axis), square)
  const products = cumProd(where(less(i, k), along(x), 1), axis + 1)
  const total = sum(where(lessEqual(i, k), mul(along(dy), products), 0), axis + 1)
  return mul(cumProd(x, axis, { exclusive: true }), total)
})

/** Which elements a cumulative sum or product takes. */
export interface CumulativeOptions {
  /** Without the element at the place itself: the first result is 0 for a sum, 1 for a product. */
  readonly exclusive?: boolean
  /** From the end. */
  readonly reverse?: boolean
}

/**
 * Sums of all elements up to each place along `axis`. Floats and int32, which wraps.
 *
 * @throws DTypeError for another dtype; ShapeError for an axis that `x` does not have.
 * @example
 * ```ts
 * await cumSum(tensor([1, 2, 3])).array() // [1, 3, 6]
 * await cumSum(tensor([1, 2, 3]), 0, { exclusive: true, reverse: true }).array() // [5, 3, 0]
 * ```
 */
export function cumSum<D extends NumberDType>(
  x: Tensor<D>,
  axis = -1,
  options: CumulativeOptions = {},
): Tensor<D> {
  return cumulative('cumSum', cumSumOp, x, axis, 0, options)
}

/**
 * Products of all elements up to each place along `axis`, as `cumSum`. The gradient is right with
 * zeros among the elements; it takes memory for the square of the axis.
 */
export function cumProd<D extends NumberDType>(
  x: Tensor<D>,
  axis = -1,
  options: CumulativeOptions = {},
): Tensor<D> {
  return cumulative('cumProd', cumProdOp, x, axis, 1, options)
}

function cumulative<D extends DType>(
  name: string,
  op: Op<'x', AlongAxis>,
  x: Tensor<D>,
  axis: number,
  neutral: number,
  { exclusive = false, reverse = false }: CumulativeOptions,
): Tensor<D> {
  const along = axisOf(name, x, axis)
  checkDType(name, 'x', x.dtype, hasProducts)
  const ordered = reverse ? flip(x, along) : x
  const shifted = exclusive ? shiftedAlong(ordered, along, neutral) : ordered
  const totals = op.apply<DType>({ x: cast(shifted, arithmeticOf(x.dtype)) }, { axis: along })
  const result = cast(totals, x.dtype)
  return reverse ? flip(result, along) : result
}

/** Each element in the place of the next one, `first` in that of the first. */
function shiftedAlong<D extends DType>(x: Tensor<D>, axis: number, first: number): Tensor<D> {
  const paddings = x.shape.map((_, i) => [i === axis ? 1 : 0, 0] as const)
  return sliceAlong(padConstant(x, paddings, first), axis, 0, x.shape[axis] ?? 0)
}

linkOp(cumSum, cumSumOp)
linkOp(cumProd, cumProdOp)
