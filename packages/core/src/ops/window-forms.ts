import type { LoweredInput, Lowering } from '../graph/tensor.ts'
import type { Index, Range } from '../index-algebra/index.ts'
import type { Scalar } from '../scalar/scalar.ts'
import type { Shape } from '../shape.ts'
import { at as item } from './window.ts'

// Where windows lie on x [batch, …spatial, channels] without its padding: position p of the output
// sees x at p · stride + k · dilation − before through tap k.

/** One number per spatial axis; `size` are the spatial sizes of the result. */
export type WindowAttributes = {
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly before: readonly number[]
  readonly size: readonly number[]
}

/** The attributes for a result with the spatial sizes of `x`. */
export function sizedAs<A extends WindowAttributes>(
  { shape }: { readonly shape: Shape },
  attributes: A,
): A {
  return { ...attributes, size: shape.slice(1, -1) }
}

/** The shape of images with other spatial sizes and channels. */
export function imageShape(shape: Shape, size: Shape, channels: number = shape.at(-1) ?? 0): Shape {
  return [shape[0] ?? 0, ...size, channels]
}

/** Where the windows at output `at` have their taps. */
export function seenFrom(
  at: readonly Index[],
  taps: readonly Index[],
  { strides, dilations, before }: WindowAttributes,
): Index[] {
  return at.map((index, i) => {
    const [stride, tap] = [strides[i - 1], taps[i - 1]]
    if (stride === undefined || tap === undefined) return index
    const seen = index.mul(stride).add(tap.mul(item(dilations, i - 1)))
    return seen.sub(item(before, i - 1))
  })
}

/** How many taps of each axis see one position. */
export function stepCounts(kernel: Shape, { strides, dilations }: WindowAttributes): number[] {
  return kernel.map((k, axis) =>
    item(dilations, axis) === 1 ? Math.ceil(k / item(strides, axis)) : k,
  )
}

/** What sees a position: taps, the outputs that they belong to, and where these exist. */
interface Seeing {
  readonly taps: readonly Index[]
  readonly from: Index[]
  readonly ranges: readonly Range[]
}

/**
 * What sees the position `at`: with u = position + before, tap k of output p does where
 * p · stride + k · dilation = u. Undilated, that means k = u mod stride + stride · k′ and
 * p = ⌊u / stride⌋ − k′ for the steps k′ = 0, 1, …: all phases of u are one sum without zeros.
 * Dilated, a tap may fall between two outputs.
 */
export function seeing(
  at: readonly Index[],
  steps: readonly Index[],
  { strides, dilations, before }: WindowAttributes,
): Seeing {
  const taps: Index[] = []
  const ranges: Range[] = []
  const from = at.map((index, i) => {
    const [stride, step] = [strides[i - 1], steps[i - 1]]
    if (stride === undefined || step === undefined) return index
    const dilation = item(dilations, i - 1)
    const u = index.add(item(before, i - 1))
    const tap = dilation === 1 ? step.mul(stride).add(u.mod(stride)) : step
    const rest = u.sub(tap.mul(dilation))
    taps.push(tap)
    if (dilation !== 1) ranges.push({ index: rest.mod(stride), low: 0, high: 1 })
    return rest.floorDiv(stride)
  })
  return { taps, from, ranges }
}

/** That all indices lie within the axes of `x`. */
export function rangesOf({ shape }: LoweredInput, indices: readonly Index[]): Range[] {
  return indices.map((index, axis) => ({ index, low: 0, high: item(shape, axis) }))
}

/** An element of `x`, `outside` where there is none. */
export function elementAt(
  x: LoweredInput,
  indices: readonly Index[],
  { guarded }: Pick<Lowering, 'guarded'>,
  outside = 0,
): Scalar {
  return guarded(rangesOf(x, indices), () => x.at(...indices), outside)
}
