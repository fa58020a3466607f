import type { DType } from '../dtype.ts'
import { ArgumentError, ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape } from '../shape.ts'
import { isPerAxis } from './check-numbers.ts'
import { checkTensor } from './check-tensor.ts'
import { concat } from './concat.ts'
import { flip } from './flip.ts'
import { checkFits } from './number.ts'
import { type Padding, padConstant, sliceAlong } from './slice.ts'
import { broadcastTo } from './sum.ts'

/** What is around a tensor: its mirror image without the edge itself, or its edge repeated. */
export type PadMode = 'reflect' | 'edge'

/**
 * `x` with elements around it: `paddings` holds [before, after] per axis. They are the number
 * `fill`, or taken from `x`: of `[1, 2, 3]`, `'reflect'` makes `[3, 2, 1, 2, 3, 2, 1]` and `'edge'`
 * `[1, 1, 1, 2, 3, 3, 3]` with paddings of 2. `x`: any shape and dtype.
 *
 * @throws ShapeError for a wrong number of paddings and where `x` is too short to be mirrored,
 * ArgumentError for paddings that are no non-negative integers, an unknown mode or a fill that the
 * integer dtype of `x` does not hold.
 * @example
 * ```ts
 * await pad(tensor([1, 2, 3]), [[1, 2]]).array() // [0, 1, 2, 3, 0, 0]
 * await pad(tensor([1, 2, 3]), [[1, 2]], 'reflect').array() // [2, 1, 2, 3, 2, 1]
 * ```
 */
export function pad<D extends DType>(
  x: Tensor<D>,
  paddings: readonly Padding[],
  fill: number | PadMode = 0,
): Tensor<D> {
  checkPaddings(x, paddings)
  if (typeof fill === 'number') {
    checkFits('pad', 'fill', fill, x.dtype)
    return padConstant(x, paddings, fill)
  }
  if (fill !== 'reflect' && fill !== 'edge') {
    throw new ArgumentError('pad', {
      got: `fill ${String(fill)}`,
      wanted: "a number, 'reflect' or 'edge'",
    })
  }
  for (const [axis, padding] of paddings.entries()) checkLength(x, axis, padding, fill)
  return paddings.reduce((padded, padding, axis) => padAxis(padded, axis, padding, fill), x)
}

function padAxis<D extends DType>(
  x: Tensor<D>,
  axis: number,
  [before, after]: Padding,
  mode: PadMode,
): Tensor<D> {
  if (before === 0 && after === 0) return x
  const last = (x.shape[axis] ?? 0) - 1
  const part = (begin: number, size: number) => sliceAlong(x, axis, begin, size)
  const edge = (at: number, times: number) => broadcastTo(part(at, 1), x.shape.with(axis, times))
  const [front, back] =
    mode === 'edge'
      ? [edge(0, before), edge(last, after)]
      : [flip(part(1, before), axis), flip(part(last - after, after), axis)]
  return concat([front, x, back], axis)
}

function checkPaddings(x: Tensor<DType>, paddings: readonly Padding[]): void {
  if (!isPerAxis(paddings, checkTensor('pad', 'x', x).rank)) {
    throw new ShapeError('pad', {
      got: `${paddings?.length} paddings for a tensor of rank ${x.rank}`,
      wanted: 'one [before, after] per axis',
    })
  }
  const counts = paddings.flat()
  const arePairs = paddings.every((padding) => isPerAxis(padding, 2))
  if (!arePairs || counts.some((n) => !Number.isInteger(n) || n < 0)) {
    throw new ArgumentError('pad', {
      got: `paddings [${paddings.map((padding) => formatShape(padding)).join(', ')}]`,
      wanted: '[before, after] per axis, both non-negative integers',
      hint: 'use slice to cut elements off',
    })
  }
}

function checkLength(x: Tensor<DType>, axis: number, padding: Padding, mode: PadMode): void {
  const length = x.shape[axis] ?? 0
  const most = Math.max(...padding)
  const isLongEnough = mode === 'reflect' ? most < length : most === 0 || length > 0
  if (most === 0 || isLongEnough) return
  throw new ShapeError('pad', {
    got: `mode ${mode} with ${most} elements beside axis ${axis} of ${formatShape(x.shape)}`,
    wanted: mode === 'reflect' ? `at most ${Math.max(length - 1, 0)}` : 'an axis with elements',
  })
}
