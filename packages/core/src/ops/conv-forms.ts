import type { FloatDType } from '../dtype.ts'
import type { LoweredInput, Lowering, Tensor } from '../graph/tensor.ts'
import type { Index } from '../index-algebra/index.ts'
import { defineOp, type Op } from './define-op.ts'
import { slice } from './slice.ts'
import { at as item } from './window.ts'
import {
  elementAt,
  imageShape,
  seeing,
  seenFrom,
  sizedAs,
  stepCounts,
  type WindowAttributes,
} from './window-forms.ts'

// A convolution is bilinear in x [batch, …spatial, groups · in] and filters [...kernel, in,
// groups · out]: y[n, p, o] = Σ x[n, p · stride + k · dilation − before, c] · filters[k, c, o].
// Its gradients by x and by the filters are the two other ways to read that sum, and the gradients
// of those are again among the three.

/** What the three forms have in common. */
type ConvAttributes = WindowAttributes & { readonly groups: number }
type Form<K extends string> = Op<K, ConvAttributes>

export const convolveOp: Form<'x' | 'filters'> = defineOp({
  name: 'convolve',
  infer: ({ x, filters }, { size }) => ({
    shape: imageShape(x.shape, size, channelsOf(filters)),
    dtype: x.dtype,
  }),
  lower: ({ x, filters }, lowering) => {
    const { at, attributes, scalar, reduce } = lowering
    const channel = lastOf(at, lowering)
    const group = channel.floorDiv(channelsOf(filters) / attributes.groups || 1)
    return reduce('sum', filters.shape.slice(0, -1), (inner) => {
      const from = group.mul(channelsOf(filters, -2)).add(lastOf(inner, lowering))
      const position = seenFrom(at, inner.slice(0, -1), attributes).with(-1, from)
      return scalar.mul(elementAt(x, position, lowering), filters.at(...inner, channel))
    })
  },
  vjp: (dy, { x, filters }, { attributes }) => ({
    x: inputGradient(filters, dy, sizedAs(x, attributes)),
    filters: filterGradient(x, dy, filters, attributes),
  }),
})

/** Gradient by the filters: a sum over the batch and all positions. */
const convolveFilterOp: Form<'x' | 'dy'> = defineOp({
  name: 'convolveFilterGradient',
  infer: ({ x, dy }, { size, groups }) => ({
    shape: [...size, channelsOf(x) / groups, channelsOf(dy)],
    dtype: x.dtype,
  }),
  lower: ({ x, dy }, lowering) => {
    const { at, attributes, scalar, reduce } = lowering
    const front = at.slice(0, -1)
    const channel = lastOf(at, lowering)
    const group = channel.floorDiv(channelsOf(dy) / attributes.groups || 1)
    const from = group.mul(channelsOf(x) / attributes.groups).add(lastOf(front, lowering))
    return reduce('sum', dy.shape.slice(0, -1), (inner) => {
      const position = seenFrom([...inner, from], front, attributes)
      return scalar.mul(elementAt(x, position, lowering), dy.at(...inner, channel))
    })
  },
  vjp: (d, { x, dy }, { attributes }) => ({
    x: inputGradient(d, dy, sizedAs(x, attributes)),
    dy: convolve(x, d, sizedAs(dy, attributes)),
  }),
})

/** Gradient by the input. */
const convolveInputOp: Form<'filters' | 'dy'> = defineOp({
  name: 'convolveInputGradient',
  infer: ({ filters, dy }, { size, groups }) => ({
    shape: imageShape(dy.shape, size, channelsOf(filters, -2) * groups),
    dtype: dy.dtype,
  }),
  lower: ({ filters, dy }, lowering) => {
    const { at, attributes, scalar, reduce, guarded } = lowering
    const channel = lastOf(at, lowering)
    const inChannels = channelsOf(filters, -2)
    const outChannels = channelsOf(filters) / attributes.groups
    const steps = stepCounts(filters.shape.slice(0, -2), attributes)
    return reduce('sum', [...steps, outChannels], (inner) => {
      const to = channel
        .floorDiv(inChannels || 1)
        .mul(outChannels)
        .add(lastOf(inner, lowering))
      const { taps, from, ranges } = seeing(at, inner.slice(0, -1), attributes)
      const hit = guarded(ranges, () => elementAt(dy, from.with(-1, to), lowering), 0)
      const weight = elementAt(filters, [...taps, channel.mod(inChannels || 1), to], lowering)
      return scalar.mul(hit, weight)
    })
  },
  vjp: (d, { filters, dy }, { attributes }) => ({
    filters: filterGradient(d, dy, filters, attributes),
    dy: convolve(d, filters, sizedAs(dy, attributes)),
  }),
})

/** Number of channels of images, or of one side of filters. */
function channelsOf({ shape }: Pick<LoweredInput, 'shape'>, axis = -1): number {
  return shape.at(axis) ?? 0
}

function lastOf(indices: readonly Index[], { space }: Lowering<ConvAttributes>): Index {
  return indices.at(-1) ?? space.constant(0)
}

/** The convolution of settled geometry. */
export function convolve<D extends FloatDType = 'float32'>(
  x: Tensor<D>,
  filters: Tensor<D>,
  attributes: ConvAttributes,
): Tensor<D> {
  return convolveOp.apply({ x, filters }, attributes)
}

function filterGradient(x: Tensor, dy: Tensor, filters: Tensor, attributes: ConvAttributes) {
  return convolveFilterOp.apply({ x, dy }, { ...attributes, size: filters.shape.slice(0, -2) })
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
  const start = before.map((n, axis) => n % item(strides, axis))
  const dx = convolveInputOp.apply<D>(
    { filters, dy },
    {
      ...attributes,
      before: before.map((n, axis) => n - item(start, axis)),
      size: size.map((n, axis) => {
        const stride = item(strides, axis)
        return Math.ceil((n + item(start, axis)) / stride) * stride
      }),
    },
  )
  return slice(dx, [0, ...start, 0], imageShape(dx.shape, size))
}
