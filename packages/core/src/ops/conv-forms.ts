import type { FloatDType } from '../dtype.ts'
import type { LoweredInput, Lowering, Tensor } from '../graph/tensor.ts'
import type { Index, Range } from '../index-algebra/index.ts'
import type { Scalar } from '../scalar/scalar.ts'
import { defineOp, type Op } from './define-op.ts'
import { slice } from './slice.ts'
import { at as item } from './window.ts'

// A convolution is bilinear in x [batch, …spatial, groups · in] and filters [...kernel, in,
// groups · out]: y[n, p, o] = Σ x[n, p · stride + k · dilation − before, c] · filters[k, c, o].
// Its gradients by x and by the filters are the two other ways to read that sum, and the gradients
// of those are again among the three.

/** What the three forms have in common, one number per spatial axis. */
type ConvAttributes = {
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly before: readonly number[]
  readonly groups: number
  /** Spatial sizes of the result. */
  readonly size: readonly number[]
}

type Form<K extends string> = Op<K, ConvAttributes>

const convolveOp: Form<'x' | 'filters'> = defineOp({
  name: 'convolve',
  infer: ({ x, filters }, { size }) => ({
    shape: [x.shape[0] ?? 0, ...size, filters.shape.at(-1) ?? 0],
    dtype: x.dtype,
  }),
  lower: ({ x, filters }, lowering) => {
    const { at, attributes, scalar, reduce } = lowering
    const [n, position, channel] = splitIndex(at, lowering)
    const inChannels = filters.shape.at(-2) ?? 0
    const group = channel.floorDiv((filters.shape.at(-1) ?? 0) / attributes.groups)
    return reduce('sum', filters.shape.slice(0, -1), (inner) => {
      const [taps, c] = splitLast(inner, lowering)
      const from = group.mul(inChannels).add(c)
      return scalar.mul(
        read(x, n, tapPositions(position, taps, attributes), from, lowering),
        filters.at(...taps, c, channel),
      )
    })
  },
  vjp: (dy, { x, filters }, { attributes }) => ({
    x: inputGradient(filters, dy, { ...attributes, size: x.shape.slice(1, -1) }),
    filters: convolveFilterOp.apply({ x, dy }, { ...attributes, size: filters.shape.slice(0, -2) }),
  }),
})

/** Gradient by the filters: a sum over the batch and all positions. */
const convolveFilterOp: Form<'x' | 'dy'> = defineOp({
  name: 'convolveFilterGradient',
  infer: ({ x, dy }, { size, groups }) => ({
    shape: [...size, (x.shape.at(-1) ?? 0) / groups, dy.shape.at(-1) ?? 0],
    dtype: x.dtype,
  }),
  lower: ({ x, dy }, lowering) => {
    const { at, attributes, scalar, reduce } = lowering
    const [front, channel] = splitLast(at, lowering)
    const [taps, c] = splitLast(front, lowering)
    const inChannels = (x.shape.at(-1) ?? 0) / attributes.groups
    const group = channel.floorDiv((dy.shape.at(-1) ?? 0) / attributes.groups)
    const from = group.mul(inChannels).add(c)
    return reduce('sum', dy.shape.slice(0, -1), ([n = group, ...position]) =>
      scalar.mul(
        read(x, n, tapPositions(position, taps, attributes), from, lowering),
        dy.at(n, ...position, channel),
      ),
    )
  },
  vjp: (d, { x, dy }, { attributes }) => ({
    x: inputGradient(d, dy, { ...attributes, size: x.shape.slice(1, -1) }),
    dy: convolveOp.apply({ x, filters: d }, { ...attributes, size: dy.shape.slice(1, -1) }),
  }),
})

/**
 * Gradient by the input. With u = position + before, tap k reaches u from output p where
 * p · stride + k · dilation = u. Undilated, that means k = u mod stride + stride · k′ and
 * p = ⌊u / stride⌋ − k′ for k′ = 0, 1, …: all phases of u are one contraction without zeros.
 */
const convolveInputOp: Form<'filters' | 'dy'> = defineOp({
  name: 'convolveInputGradient',
  infer: ({ filters, dy }, { size, groups }) => ({
    shape: [dy.shape[0] ?? 0, ...size, (filters.shape.at(-2) ?? 0) * groups],
    dtype: dy.dtype,
  }),
  lower: ({ filters, dy }, lowering) => {
    const { at, attributes, scalar, reduce } = lowering
    const { strides, dilations, before } = attributes
    const [n, position, channel] = splitIndex(at, lowering)
    const [inChannels, outChannels] = [
      filters.shape.at(-2) ?? 0,
      (filters.shape.at(-1) ?? 0) / attributes.groups,
    ]
    const group = channel.floorDiv(inChannels)
    const kernel = filters.shape.slice(0, -2)
    const isPhased = (axis: number) => item(dilations, axis) === 1
    const taps = kernel.map((k, axis) => (isPhased(axis) ? Math.ceil(k / item(strides, axis)) : k))
    return reduce('sum', [...taps, outChannels], (inner) => {
      const [steps, o] = splitLast(inner, lowering)
      const reached = position.map((index, axis) => index.add(item(before, axis)))
      const tap = steps.map((step, axis) => {
        if (!isPhased(axis)) return step
        const stride = item(strides, axis)
        return step.mul(stride).add((reached[axis] ?? step).mod(stride))
      })
      const rest = reached.map((u, axis) => u.sub((tap[axis] ?? u).mul(item(dilations, axis))))
      const from = rest.map((index, axis) => index.floorDiv(item(strides, axis)))
      const to = group.mul(outChannels).add(o)
      const hit = guardDivisible(rest, strides, isPhased, read(dy, n, from, to, lowering), lowering)
      const weight = guardedAt(filters, [...tap, channel.mod(inChannels), to], lowering)
      return scalar.mul(hit, weight)
    })
  },
  vjp: (d, { filters, dy }, { attributes }) => ({
    filters: convolveFilterOp.apply(
      { x: d, dy },
      { ...attributes, size: filters.shape.slice(0, -2) },
    ),
    dy: convolveOp.apply({ x: d, filters }, { ...attributes, size: dy.shape.slice(1, -1) }),
  }),
})

type Window = Lowering<ConvAttributes>

/** [batch, …spatial, channel] apart. */
function splitIndex(at: readonly Index[], lowering: Window): [Index, readonly Index[], Index] {
  const [front, last] = splitLast(at, lowering)
  const [first = last, ...middle] = front
  return [first, middle, last]
}

function splitLast(indices: readonly Index[], { space }: Window): [readonly Index[], Index] {
  return [indices.slice(0, -1), indices.at(-1) ?? space.constant(0)]
}

/** Where each tap of the window at `position` lies in the input. */
function tapPositions(
  position: readonly Index[],
  taps: readonly Index[],
  { strides, dilations, before }: ConvAttributes,
): Index[] {
  return position.map((index, axis) =>
    index
      .mul(item(strides, axis))
      .add(taps[axis]?.mul(item(dilations, axis)) ?? 0)
      .sub(item(before, axis)),
  )
}

/** An element of images, 0 outside of them. */
function read(
  x: LoweredInput,
  n: Index,
  position: readonly Index[],
  channel: Index,
  lowering: Window,
): Scalar {
  return guardedAt(x, [n, ...position, channel], lowering)
}

function guardedAt(x: LoweredInput, indices: readonly Index[], { guarded }: Window): Scalar {
  const ranges = indices.map((index, axis): Range => ({ index, low: 0, high: item(x.shape, axis) }))
  return guarded(ranges, () => x.at(...indices), 0)
}

/** 0 where a dilated tap falls between two outputs of a strided convolution. */
function guardDivisible(
  rest: readonly Index[],
  strides: readonly number[],
  isPhased: (axis: number) => boolean,
  value: Scalar,
  { guarded }: Window,
): Scalar {
  const ranges = rest.flatMap((index, axis): Range[] => {
    const stride = item(strides, axis)
    return isPhased(axis) || stride === 1 ? [] : [{ index: index.mod(stride), low: 0, high: 1 }]
  })
  return ranges.length === 0 ? value : guarded(ranges, () => value, 0)
}

/** The convolution of settled geometry. */
export function convolve<D extends FloatDType>(
  x: Tensor<D>,
  filters: Tensor<D>,
  attributes: ConvAttributes,
): Tensor<D> {
  return convolveOp.apply({ x, filters }, attributes)
}

/**
 * Gradient of a convolution by its input of `size`. Strided ones are computed from a multiple of
 * the stride on, where phases and positions come apart, and cut to size.
 */
export function inputGradient<D extends FloatDType = 'float32'>(
  filters: Tensor<D>,
  dy: Tensor<D>,
  attributes: ConvAttributes,
): Tensor<D> {
  const { strides, before, size } = attributes
  if (strides.every((stride) => stride === 1))
    return convolveInputOp.apply({ filters, dy }, attributes)
  const start = before.map((n, axis) => n % item(strides, axis))
  const whole = size.map((n, axis) => {
    const stride = item(strides, axis)
    return Math.ceil((n + item(start, axis)) / stride) * stride
  })
  const dx = convolveInputOp.apply<D>(
    { filters, dy },
    {
      ...attributes,
      before: before.map((n, axis) => n - item(start, axis)),
      size: whole,
    },
  )
  return slice(dx, [0, ...start, 0], [dx.shape[0] ?? 0, ...size, dx.shape.at(-1) ?? 0])
}
