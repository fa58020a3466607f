import type { DType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape, sameShape } from '../shape.ts'
import { isPerAxis } from './check-numbers.ts'
import { checkTensor } from './check-tensor.ts'
import { defineOp } from './define-op.ts'

// Slicing and padding with a constant are each other's gradient.

const sliceOp = defineOp<'x', { begin: readonly number[]; size: readonly number[] }>({
  name: 'slice',
  infer: ({ x }, { size }) => ({ shape: size, dtype: x.dtype }),
  lower: ({ x }, { at, attributes: { begin } }) =>
    x.at(...at.map((index, axis) => index.add(begin[axis] ?? 0))),
  vjp: (dy, { x }, { attributes: { begin, size } }) => ({
    x: padConstant(
      dy,
      begin.map((b, axis) => [b, (x.shape[axis] ?? 0) - b - (size[axis] ?? 0)]),
    ),
  }),
})

const padOp = defineOp<'x', { paddings: readonly Padding[]; value: number }>({
  name: 'pad',
  infer: ({ x }, { paddings }) => ({
    shape: x.shape.map((n, axis) => n + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0)),
    dtype: x.dtype,
  }),
  lower: ({ x }, { at, attributes: { paddings, value }, guarded }) => {
    const inner = at.map((index, axis) => index.sub(paddings[axis]?.[0] ?? 0))
    const ranges = inner.map((index, axis) => ({ index, low: 0, high: x.shape[axis] ?? 0 }))
    return guarded(ranges, () => x.at(...inner), value)
  },
  vjp: (dy, { x }, { attributes: { paddings } }) => ({
    x: slice(
      dy,
      paddings.map(([before]) => before),
      x.shape,
    ),
  }),
})

/** Elements to add before and after one axis. */
export type Padding = readonly [before: number, after: number]

/**
 * A block of `size` elements from `begin` on, per axis; a size of −1 goes to the end.
 *
 * @throws ShapeError if the block does not lie within `x`.
 */
export function slice<D extends DType>(
  x: Tensor<D>,
  begin: readonly number[],
  size: readonly number[],
): Tensor<D> {
  checkTensor('slice', 'x', x)
  const full = [size]
    .flat()
    .map((n, axis) => (n === -1 ? (x.shape[axis] ?? 0) - (begin?.[axis] ?? 0) : n))
  const fits =
    isPerAxis(begin, x.rank) &&
    isPerAxis(size, x.rank) &&
    begin.every(isCount) &&
    full.every((n, axis) => isCount(n) && n + (begin[axis] ?? 0) <= (x.shape[axis] ?? 0))
  if (!fits) {
    throw new ShapeError('slice', {
      got: `begin ${formatShape(begin)} and size ${formatShape(size)} for x ${formatShape(x.shape)}`,
      wanted: 'a block within x, with one begin and one size per axis',
    })
  }
  return sameShape(full, x.shape) ? x : sliceOp.apply({ x }, { begin: [...begin], size: full })
}

function isCount(n: number): boolean {
  return Number.isInteger(n) && n >= 0
}

/** `size` elements from `begin` on of one axis, all of the others. */
export function sliceAlong<D extends DType>(
  x: Tensor<D>,
  axis: number,
  begin: number,
  size: number,
): Tensor<D> {
  const start = x.shape.map(() => 0)
  return slice(x, start.with(axis, begin), x.shape.with(axis, size))
}

/** `x` with `value` around it, by paddings that are known to be right. */
export function padConstant<D extends DType>(
  x: Tensor<D>,
  paddings: readonly Padding[],
  value = 0,
): Tensor<D> {
  const isWhole = paddings.every(([before, after]) => before === 0 && after === 0)
  return isWhole ? x : padOp.apply({ x }, { paddings: [...paddings], value })
}
