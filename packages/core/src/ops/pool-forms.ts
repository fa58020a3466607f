import type { LoweredInput, Lowering } from '../graph/tensor.ts'
import { flatten, type Index } from '../index-algebra/index.ts'
import type { Scalar } from '../scalar/scalar.ts'
import { sizeOf } from '../shape.ts'
import { defineOp, type Op } from './define-op.ts'
import {
  elementAt,
  imageShape,
  rangesOf,
  seeing,
  seenFrom,
  sizedAs,
  stepCounts,
  type WindowAttributes,
} from './window-forms.ts'

// Pooling over windows of x [batch, …spatial, channels].

/** `kernel`: sizes of the window, one per spatial axis. */
export type PoolAttributes = WindowAttributes & { readonly kernel: readonly number[] }
type Form<K extends string> = Op<K, PoolAttributes>
type PoolLowering = Lowering<PoolAttributes>

/** Sum over the window; zeros outside. */
export const windowSumOp: Form<'x'> = defineOp({
  name: 'windowSum',
  infer: ({ x }, { size }) => ({ shape: imageShape(x.shape, size), dtype: x.dtype }),
  lower: ({ x }, lowering) =>
    lowering.reduce('sum', lowering.attributes.kernel, (taps) => seen(x, taps, 0, lowering)),
  vjp: (dy, { x }, { attributes }) => ({
    x: windowSpreadOp.apply({ dy }, sizedAs(x, attributes)),
  }),
})

/** The sum over all windows that see a position: the gradient of `windowSum`. */
const windowSpreadOp: Form<'dy'> = defineOp({
  name: 'windowSpread',
  infer: ({ dy }, { size }) => ({ shape: imageShape(dy.shape, size), dtype: dy.dtype }),
  lower: ({ dy }, lowering) => overWindows(dy, lowering, (at) => dy.at(...at)),
  vjp: (d, { dy }, { attributes }) => ({
    dy: windowSumOp.apply({ x: d }, sizedAs(dy, attributes)),
  }),
})

/** The greatest element in the window. */
export const windowMaxOp: Form<'x'> = defineOp({
  name: 'windowMax',
  infer: ({ x }, { size }) => ({ shape: imageShape(x.shape, size), dtype: x.dtype }),
  lower: ({ x }, lowering) =>
    lowering.reduce('max', lowering.attributes.kernel, (taps) =>
      seen(x, taps, Number.NEGATIVE_INFINITY, lowering),
    ),
  vjp: (dy, { x }, { attributes, output }) => {
    const choice = windowChoiceOp.apply<'int32'>({ x, y: output }, attributes)
    return { x: windowScatterOp.apply({ choice, dy }, sizedAs(x, attributes)) }
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
      const position = seenFrom(at, taps, lowering.attributes)
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
  infer: ({ dy }, { size }) => ({ shape: imageShape(dy.shape, size), dtype: dy.dtype }),
  lower: ({ choice, dy }, lowering) =>
    overWindows(dy, lowering, (at, tap) => {
      const { scalar } = lowering
      const chosen = scalar.equal(choice.at(...at), scalar.index(tap))
      return scalar.where(chosen, dy.at(...at), 0)
    }),
  vjp: (d, { choice, dy }, { attributes }) => ({
    dy: windowPickOp.apply({ choice, x: d }, sizedAs(dy, attributes)),
  }),
})

/** The element that each window chose: the gradient of `windowScatter`. */
const windowPickOp: Form<'choice' | 'x'> = defineOp({
  name: 'windowPick',
  infer: ({ x }, { size }) => ({ shape: imageShape(x.shape, size), dtype: x.dtype }),
  lower: ({ choice, x }, lowering) =>
    lowering.reduce('sum', lowering.attributes.kernel, (taps) => {
      const { scalar, at } = lowering
      const chosen = scalar.equal(choice.at(...at), scalar.index(tapNumber(taps, lowering)))
      return scalar.where(chosen, seen(x, taps, 0, lowering), 0)
    }),
  vjp: (dy, { choice, x }, { attributes }) => ({
    x: windowScatterOp.apply({ choice, dy }, sizedAs(x, attributes)),
  }),
})

/** The element that a tap sees, `outside` in the padding. */
function seen(
  x: LoweredInput,
  taps: readonly Index[],
  outside: number,
  lowering: PoolLowering,
): Scalar {
  return elementAt(x, seenFrom(lowering.at, taps, lowering.attributes), lowering, outside)
}

function tapNumber(taps: readonly Index[], { attributes, space }: PoolLowering): Index {
  return flatten(taps, attributes.kernel, space)
}

/**
 * Sums over the windows that see the position `lowering.at`. `body` reads at their place in `dy`,
 * through the tap of that number.
 */
function overWindows(
  dy: LoweredInput,
  lowering: PoolLowering,
  body: (at: readonly Index[], tap: Index) => Scalar,
): Scalar {
  const { at, attributes, guarded, reduce } = lowering
  const { kernel } = attributes
  return reduce('sum', stepCounts(kernel, attributes), (steps) => {
    const { taps, from, ranges } = seeing(at, steps, attributes)
    const inKernel = taps.map((index, axis) => ({ index, low: 0, high: kernel[axis] ?? 0 }))
    const all = [...ranges, ...inKernel, ...rangesOf(dy, from)]
    return guarded(all, () => body(from, tapNumber(taps, lowering)), 0)
  })
}
