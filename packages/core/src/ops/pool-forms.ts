import type { LoweredInput, Lowering } from '../graph/tensor.ts'
import { flatten, type Index, type Range } from '../index-algebra/index.ts'
import type { Scalar } from '../scalar/scalar.ts'
import { sizeOf } from '../shape.ts'
import { defineOp, type Op } from './define-op.ts'
import { at as item } from './window.ts'

// Pooling over windows of x [batch, …spatial, channels] without its padding: position p of the
// output sees x at p · stride + k · dilation − before.

/** One number per spatial axis; `size` are the spatial sizes of the result. */
export type PoolAttributes = {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly before: readonly number[]
  readonly size: readonly number[]
}

type Form<K extends string> = Op<K, PoolAttributes>
type PoolLowering = Lowering<PoolAttributes>

/** Sum over the window; zeros outside. */
export const windowSumOp: Form<'x'> = defineOp({
  name: 'windowSum',
  infer: ({ x }, { size }) => ({ shape: pooledShape(x.shape, size), dtype: x.dtype }),
  lower: ({ x }, lowering) =>
    lowering.reduce('sum', lowering.attributes.kernel, (taps) => seen(x, taps, 0, lowering)),
  vjp: (dy, { x }, { attributes }) => ({
    x: windowSpreadOp.apply({ dy }, { ...attributes, size: x.shape.slice(1, -1) }),
  }),
})

/** The sum over all windows that see a position: the gradient of `windowSum`. */
const windowSpreadOp: Form<'dy'> = defineOp({
  name: 'windowSpread',
  infer: ({ dy }, { size }) => ({ shape: pooledShape(dy.shape, size), dtype: dy.dtype }),
  lower: ({ dy }, lowering) => overWindows(dy, lowering, (at, guard) => guard(() => dy.at(...at))),
  vjp: (d, { dy }, { attributes }) => ({
    dy: windowSumOp.apply({ x: d }, { ...attributes, size: dy.shape.slice(1, -1) }),
  }),
})

/** The greatest element in the window. */
export const windowMaxOp: Form<'x'> = defineOp({
  name: 'windowMax',
  infer: ({ x }, { size }) => ({ shape: pooledShape(x.shape, size), dtype: x.dtype }),
  lower: ({ x }, lowering) =>
    lowering.reduce('max', lowering.attributes.kernel, (taps) =>
      seen(x, taps, Number.NEGATIVE_INFINITY, lowering),
    ),
  vjp: (dy, { x }, { attributes, output }) => {
    const choice = windowChoiceOp.apply<'int32'>({ x, y: output }, attributes)
    const size = x.shape.slice(1, -1)
    return { x: windowScatterOp.apply({ choice, dy }, { ...attributes, size }) }
  },
})

/** The number of the first tap that holds the maximum y; the number of taps if none does. */
const windowChoiceOp: Form<'x' | 'y'> = defineOp({
  name: 'windowChoice',
  infer: ({ y }) => ({ shape: y.shape, dtype: 'int32' }),
  lower: ({ x, y }, lowering) => {
    const { kernel } = lowering.attributes
    const none = sizeOf(kernel)
    return lowering.reduce('min', kernel, (taps) => {
      const { scalar, at } = lowering
      const position = positionsOf(at, taps, lowering)
      const number = scalar.index(tapNumber(taps, lowering))
      const equal = () => scalar.equal(x.at(...position), y.at(...at))
      return lowering.guarded(
        rangesOf(x, position),
        () => scalar.where(equal(), number, none),
        none,
      )
    })
  },
})

/** Each dy at the position that its window chose. */
const windowScatterOp: Form<'choice' | 'dy'> = defineOp({
  name: 'windowScatter',
  infer: ({ dy }, { size }) => ({ shape: pooledShape(dy.shape, size), dtype: dy.dtype }),
  lower: ({ choice, dy }, lowering) =>
    overWindows(dy, lowering, (at, guard, tap) =>
      guard(() => {
        const { scalar } = lowering
        const chosen = scalar.equal(choice.at(...at), scalar.index(tap))
        return scalar.where(chosen, dy.at(...at), 0)
      }),
    ),
  vjp: (d, { choice, dy }, { attributes }) => ({
    dy: windowPickOp.apply({ choice, x: d }, { ...attributes, size: dy.shape.slice(1, -1) }),
  }),
})

/** The element that each window chose: the gradient of `windowScatter`. */
const windowPickOp: Form<'choice' | 'x'> = defineOp({
  name: 'windowPick',
  infer: ({ x }, { size }) => ({ shape: pooledShape(x.shape, size), dtype: x.dtype }),
  lower: ({ choice, x }, lowering) =>
    lowering.reduce('sum', lowering.attributes.kernel, (taps) => {
      const { scalar, at } = lowering
      const chosen = scalar.equal(choice.at(...at), scalar.index(tapNumber(taps, lowering)))
      return scalar.where(chosen, seen(x, taps, 0, lowering), 0)
    }),
  vjp: (dy, { choice, x }, { attributes }) => ({
    x: windowScatterOp.apply({ choice, dy }, { ...attributes, size: x.shape.slice(1, -1) }),
  }),
})

function pooledShape(shape: readonly number[], size: readonly number[]): number[] {
  return [shape[0] ?? 0, ...size, shape.at(-1) ?? 0]
}

/** The element that a tap sees, `outside` in the padding. */
function seen(
  x: LoweredInput,
  taps: readonly Index[],
  outside: number,
  lowering: PoolLowering,
): Scalar {
  const position = positionsOf(lowering.at, taps, lowering)
  return lowering.guarded(rangesOf(x, position), () => x.at(...position), outside)
}

function positionsOf(
  at: readonly Index[],
  taps: readonly Index[],
  { attributes: { strides, dilations, before } }: PoolLowering,
): Index[] {
  return at.map((index, axis) => {
    const tap = taps[axis - 1]
    if (axis === 0 || tap === undefined) return index
    const origin = index.mul(item(strides, axis - 1)).sub(item(before, axis - 1))
    return origin.add(tap.mul(item(dilations, axis - 1)))
  })
}

function rangesOf(x: LoweredInput, position: readonly Index[]): Range[] {
  return position.map((index, axis) => ({ index, low: 0, high: item(x.shape, axis) }))
}

function tapNumber(taps: readonly Index[], { attributes, space }: PoolLowering): Index {
  return flatten(taps, attributes.kernel, space)
}

/**
 * Sums over the windows that see the position `lowering.at`: tap k of output p does where
 * p · stride + k · dilation = position + before. Undilated, k = u mod stride + stride · k′ and
 * p = ⌊u / stride⌋ − k′; `body` gets p, a guard for its bounds, and the number of the tap.
 */
function overWindows(
  dy: LoweredInput,
  lowering: PoolLowering,
  body: (at: readonly Index[], guard: (read: () => Scalar) => Scalar, tap: Index) => Scalar,
): Scalar {
  const { at, attributes } = lowering
  const { kernel, strides, dilations, before } = attributes
  const isPhased = (axis: number) => item(dilations, axis) === 1
  const steps = kernel.map((k, axis) => (isPhased(axis) ? Math.ceil(k / item(strides, axis)) : k))
  return lowering.reduce('sum', steps, (inner) => {
    const ranges: Range[] = []
    const taps: Index[] = []
    const from = at.map((index, i) => {
      const axis = i - 1
      const step = inner[axis]
      if (axis < 0 || step === undefined) return index
      const stride = item(strides, axis)
      const u = index.add(item(before, axis))
      const tap = isPhased(axis) ? step.mul(stride).add(u.mod(stride)) : step
      const rest = u.sub(tap.mul(item(dilations, axis)))
      const p = rest.floorDiv(stride)
      taps.push(tap)
      ranges.push({ index: tap, low: 0, high: item(kernel, axis) })
      ranges.push({ index: rest.mod(stride), low: 0, high: 1 })
      ranges.push({ index: p, low: 0, high: item(dy.shape, i) })
      return p
    })
    return body(from, (read) => lowering.guarded(ranges, read, 0), tapNumber(taps, lowering))
  })
}
