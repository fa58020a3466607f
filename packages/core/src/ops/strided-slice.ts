import type { DType } from '../dtype.ts'
import { ArgumentError, ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape } from '../shape.ts'
import { isPerAxis } from './check-numbers.ts'
import { checkTensor } from './check-tensor.ts'
import { flip } from './flip.ts'
import { reshape } from './reshape.ts'
import { padConstant, slice } from './slice.ts'

/** A bound of a range as Python writes it: negative counts from the end, `null` is left out. */
export type Bound = number | null

/** `count` elements of an axis, `stride` apart; they are reversed where `isReversed`. */
interface Progression {
  /** The first one, counted from the front, or from the end of a reversed axis. */
  readonly first: number
  readonly count: number
  readonly stride: number
  readonly isReversed: boolean
}

/**
 * Elements at regular distances: per axis what Python writes as `begin:end:stride`. Negative bounds
 * count from the end, `null` is left out, and bounds beyond the ends are cut. `x`: any shape and
 * dtype.
 *
 * @throws ShapeError unless there is a bound and a stride per axis, ArgumentError for a stride of 0
 * and for what is no integer.
 * @example
 * ```ts
 * const x = tensor([0, 1, 2, 3, 4, 5])
 * await stridedSlice(x, [1], [null], [2]).array() // [1, 3, 5]
 * await stridedSlice(x, [null], [-3], [-1]).array() // [5, 4]
 * ```
 */
export function stridedSlice<D extends DType>(
  x: Tensor<D>,
  begin: readonly Bound[],
  end: readonly Bound[],
  strides?: readonly number[],
): Tensor<D> {
  const { rank } = checkTensor('stridedSlice', 'x', x)
  const steps = strides ?? new Array<number>(rank).fill(1)
  checkBounds(rank, begin, end, steps)
  const axes = x.shape.map((n, axis) =>
    progression(n, begin[axis] ?? null, end[axis] ?? null, steps[axis] ?? 1),
  )
  const reversed = flip(
    x,
    axes.flatMap(({ isReversed }, axis) => (isReversed ? [axis] : [])),
  )
  return everyNth(reversed, axes)
}

/** As Python's `slice.indices`, from the front of the axis or of the reversed axis. */
function progression(n: number, begin: Bound, end: Bound, stride: number): Progression {
  const isReversed = stride < 0
  const positionOf = (bound: number) => {
    const fromFront = bound < 0 ? bound + n : bound
    return Math.min(Math.max(isReversed ? n - 1 - fromFront : fromFront, 0), n)
  }
  const first = begin === null ? 0 : positionOf(begin)
  const last = end === null ? n : positionOf(end)
  const step = Math.abs(stride)
  return { first, count: Math.max(Math.ceil((last - first) / step), 0), stride: step, isReversed }
}

/** A stride is a view: of rows as long as it, the first column. */
function everyNth<D extends DType>(x: Tensor<D>, axes: readonly Progression[]): Tensor<D> {
  const spans = axes.map(({ count, stride }) => (count === 0 ? 0 : (count - 1) * stride + 1))
  const span = slice(
    x,
    axes.map(({ first, count }) => (count === 0 ? 0 : first)),
    spans,
  )
  if (axes.every(({ stride }) => stride === 1)) return span
  const whole = padConstant(
    span,
    axes.map(({ count, stride }, axis) => [0, count * stride - (spans[axis] ?? 0)]),
  )
  const rows = reshape(
    whole,
    axes.flatMap(({ count, stride }) => [count, stride]),
  )
  const columns = slice(
    rows,
    rows.shape.map(() => 0),
    axes.flatMap(({ count }) => [count, 1]),
  )
  return reshape(
    columns,
    axes.map(({ count }) => count),
  )
}

function checkBounds(
  rank: number,
  begin: readonly Bound[],
  end: readonly Bound[],
  strides: readonly number[],
): void {
  const lists = { begin, end, strides }
  for (const [name, list] of Object.entries(lists)) {
    if (!isPerAxis(list, rank)) {
      throw new ShapeError('stridedSlice', {
        got: `${name} ${formatShape(list)} for a tensor of rank ${rank}`,
        wanted: 'one entry per axis',
        hint: 'null takes everything',
      })
    }
    const wrong = list.find((bound) => bound !== null && !Number.isSafeInteger(bound))
    if (wrong !== undefined) {
      throw new ArgumentError('stridedSlice', { got: `${wrong} in ${name}`, wanted: 'integers' })
    }
  }
  if (strides.includes(0)) {
    throw new ArgumentError('stridedSlice', {
      got: `strides [${strides.join(', ')}]`,
      wanted: 'strides other than 0',
    })
  }
}
