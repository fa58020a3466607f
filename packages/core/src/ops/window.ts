import { ArgumentError, ShapeError } from '../errors.ts'
import { formatShape, type Shape } from '../shape.ts'
import { isPerAxis } from './check-numbers.ts'
import { checkTensor } from './check-tensor.ts'
import type { AnyTensor } from './define-op.ts'
import type { Padding } from './slice.ts'

/** How a window slides: no padding, so much that strides alone shrink the output, or as given. */
export type WindowPadding = 'valid' | 'same' | readonly Padding[]

/** A window on the spatial axes of x [batch, …spatial, channels]; a number holds for every axis. */
export interface WindowOptions {
  readonly strides?: number | readonly number[]
  readonly padding?: WindowPadding
  readonly dilations?: number | readonly number[]
}

/** A sliding window with everything settled, one number per spatial axis. */
export interface Window {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** Padding before the first element. */
  readonly before: readonly number[]
  /** Positions of the window. */
  readonly output: readonly number[]
}

/**
 * Settles a window over `input` sizes.
 *
 * Output sizes: `valid` ⌊(n − reach) / stride⌋ + 1 with reach = (k − 1) dilation + 1; `same`
 * ⌈n / stride⌉ with the smaller half of the padding before.
 *
 * @throws ShapeError if the window does not fit, ArgumentError for options out of range.
 */
export function settleWindow(
  op: string,
  input: Shape,
  kernel: Shape,
  { strides = 1, padding = 'valid', dilations = 1 }: WindowOptions,
): Window {
  const rank = input.length
  const stride = perAxis(op, 'strides', strides, rank)
  const dilation = perAxis(op, 'dilations', dilations, rank)
  const reach = kernel.map((k, axis) => (k - 1) * at(dilation, axis) + 1)
  const paddings = input.map((n, axis) =>
    paddingOf(op, padding, axis, n, at(stride, axis), at(reach, axis)),
  )
  const output = input.map((n, axis) => {
    const [before, after] = paddings[axis] ?? [0, 0]
    return Math.floor((n + before + after - at(reach, axis)) / at(stride, axis)) + 1
  })
  if (output.some((n) => n < 0 || (n === 0 && padding !== 'same'))) {
    throw new ShapeError(op, {
      got: `spatial sizes ${formatShape(input)} and a window that reaches ${formatShape(reach)}`,
      wanted: 'sizes with padding that are at least as large as the window',
      hint: "use padding: 'same'",
    })
  }
  return {
    kernel: [...kernel],
    strides: stride,
    dilations: dilation,
    before: paddings.map(([before]) => before),
    output,
  }
}

/** Padding before and after an axis of `n` elements. Throws ArgumentError for what is none. */
export function paddingOf(
  op: string,
  padding: WindowPadding,
  axis: number,
  n: number,
  stride: number,
  reach: number,
): Padding {
  if (padding === 'valid') return [0, 0]
  if (padding === 'same') {
    const total = Math.max((Math.ceil(n / stride) - 1) * stride + reach - n, 0)
    return [Math.floor(total / 2), Math.ceil(total / 2)]
  }
  const given = typeof padding === 'object' ? padding?.[axis] : undefined
  const isSize = (size: number) => Number.isInteger(size) && size >= 0
  if (given === undefined || !isPerAxis(given, 2) || !given.every(isSize)) {
    throw new ArgumentError(op, {
      got: `padding ${JSON.stringify(padding)}`,
      wanted: "'valid', 'same' or [before, after] per spatial axis, not negative",
    })
  }
  return given
}

/** One positive integer per spatial axis. */
export function perAxis(
  op: string,
  name: string,
  value: number | readonly number[],
  rank: number,
): number[] {
  const list = typeof value === 'number' ? new Array<number>(rank).fill(value) : [value].flat()
  if (list.length === rank && list.every((n) => Number.isInteger(n) && n > 0)) return list
  throw new ArgumentError(op, {
    got: `${name} ${formatShape([value].flat())}`,
    wanted: `a positive integer, or ${rank} of them`,
  })
}

/** Number `axis` of a list that has one per axis. */
export function at(list: readonly number[], axis: number): number {
  return list[axis] ?? 0
}

/** Throws ShapeError unless `x` is [batch, …spatial, channels] with so many spatial axes. */
export function checkImages(op: string, x: AnyTensor, spatialRank: number): void {
  const { shape } = checkTensor(op, 'x', x)
  if (shape.length === spatialRank + 2) return
  const axes = ['depth', 'height', 'width'].slice(3 - spatialRank).join(', ')
  throw new ShapeError(op, {
    got: `x is ${formatShape(shape)}`,
    wanted: `rank ${spatialRank + 2}: [batch, ${axes}, channels]`,
    hint: 'add missing axes with expandDims',
  })
}
