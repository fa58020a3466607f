import { type Attributes, type Shape, sizeOf } from '@tensorweft/core'
import type { Approximation } from './approximation.ts'
import { addProduct, Summations } from './summation.ts'
import { sights, spatialSize } from './window-sights.ts'

/** Which element of each of the three arrays meet in one product of a convolution. */
interface ConvolutionShapes {
  readonly x: Shape
  readonly filters: Shape
  readonly dy: Shape
}

/** Calls `visit` for every product of the convolution, with positions in x, filters and dy. */
function forEachProduct(
  { x, filters, dy }: ConvolutionShapes,
  attributes: Attributes,
  visit: (x: number, filters: number, dy: number) => void,
): void {
  const all = sights(x.slice(1, -1), dy.slice(1, -1), filters.slice(0, -2), attributes)
  const [xSize, ySize] = [spatialSize(x), spatialSize(dy)]
  const [inChannels = 0, outChannels = 0] = filters.slice(-2)
  const perGroup = outChannels / Number(attributes.groups)
  for (let n = 0; n < (x[0] ?? 0); n++) {
    for (const { output, tap, input } of all) {
      for (let o = 0; o < outChannels; o++) {
        for (let c = 0; c < inChannels; c++) {
          const channel = Math.floor(o / perGroup) * inChannels + c
          visit(
            (n * xSize + input) * (x.at(-1) ?? 0) + channel,
            (tap * inChannels + c) * outChannels + o,
            (n * ySize + output) * outChannels + o,
          )
        }
      }
    }
  }
}

/** Numbers the lines along which elements of an operand may meet zeros beyond what is there. */
interface Lines {
  readonly operand: Approximation
  readonly of: (position: number) => number
  readonly ofResult: (position: number) => number
}

/**
 * The sum of products over `visitAll`. What lies outside an image, or between the places that a
 * stride leaves, is 0 and need not be multiplied, but may be: if the other operand is infinite or
 * NaN there, nothing can be said about results on its line that have less than `full` products.
 */
function sumOfProducts(
  a: Approximation,
  b: Approximation,
  shape: Shape,
  { full, lines }: { readonly full: number; readonly lines: readonly Lines[] },
  visitAll: (visit: (left: number, right: number, to: number) => void) => void,
): Approximation {
  const sums = new Summations(shape, a.dtype)
  const products = new Uint32Array(sizeOf(shape))
  visitAll((left, right, to) => {
    products[to] = (products[to] ?? 0) + 1
    addProduct(sums.at(to), a, left, b, right)
  })
  const { result } = sums
  for (const { operand, of, ofResult } of lines) {
    const unknown = new Set<number>()
    operand.values.forEach((value, i) => {
      if (!Number.isFinite(value) || !Number.isFinite(operand.radii[i])) unknown.add(of(i))
    })
    products.forEach((count, i) => {
      if (count < full && unknown.has(ofResult(i))) result.radii[i] = Number.POSITIVE_INFINITY
    })
  }
  return result
}

/** Operand and result end in the same channels. */
function sameChannels(operand: Approximation): Lines {
  const channel = (position: number) => position % (operand.shape.at(-1) ?? 1)
  return { operand, of: channel, ofResult: channel }
}

export function convolve(
  x: Approximation,
  filters: Approximation,
  shape: Shape,
  attributes: Attributes,
): Approximation {
  const shapes = { x: x.shape, filters: filters.shape, dy: shape }
  const edges = { full: sizeOf(filters.shape.slice(0, -1)), lines: [sameChannels(filters)] }
  return sumOfProducts(x, filters, shape, edges, (visit) =>
    forEachProduct(shapes, attributes, (i, j, to) => visit(i, j, to)),
  )
}

export function convolveFilterGradient(
  x: Approximation,
  dy: Approximation,
  shape: Shape,
  attributes: Attributes,
): Approximation {
  const shapes = { x: x.shape, filters: shape, dy: dy.shape }
  const edges = { full: sizeOf(dy.shape.slice(0, -1)), lines: [sameChannels(dy)] }
  return sumOfProducts(x, dy, shape, edges, (visit) =>
    forEachProduct(shapes, attributes, (i, to, j) => visit(i, j, to)),
  )
}

export function convolveInputGradient(
  filters: Approximation,
  dy: Approximation,
  shape: Shape,
  attributes: Attributes,
): Approximation {
  const shapes = { x: shape, filters: filters.shape, dy: dy.shape }
  const [inChannels = 1, outChannels = 1] = filters.shape.slice(-2)
  const [channels, perGroup] = [shape.at(-1) ?? 1, outChannels / Number(attributes.groups)]
  const ofFilters: Lines = {
    operand: filters,
    of: (i) => {
      const group = Math.floor((i % outChannels) / perGroup)
      return group * inChannels + (Math.floor(i / outChannels) % inChannels)
    },
    ofResult: (to) => to % channels,
  }
  const ofImages: Lines = {
    operand: dy,
    of: (i) => Math.floor(i / (spatialSize(dy.shape) * outChannels)),
    ofResult: (to) => Math.floor(to / (spatialSize(shape) * channels)),
  }
  const full = sizeOf(filters.shape.slice(0, -2)) * perGroup
  return sumOfProducts(filters, dy, shape, { full, lines: [ofFilters, ofImages] }, (visit) =>
    forEachProduct(shapes, attributes, (to, i, j) => visit(i, j, to)),
  )
}
