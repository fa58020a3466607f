import type { Attributes, Shape } from '@tensorweft/core'
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

/**
 * The sum of products over `visit`. What lies outside an image is 0 and need not be multiplied, but
 * may be: with infinities or NaN among the operands nothing can be said.
 */
function sumOfProducts(
  a: Approximation,
  b: Approximation,
  shape: Shape,
  visitAll: (visit: (left: number, right: number, to: number) => void) => void,
): Approximation {
  const sums = new Summations(shape, a.dtype)
  visitAll((left, right, to) => addProduct(sums.at(to), a, left, b, right))
  const { result } = sums
  const operands = [a.values, a.radii, b.values, b.radii]
  if (!operands.every((numbers) => numbers.every(Number.isFinite))) {
    result.radii.fill(Number.POSITIVE_INFINITY)
  }
  return result
}

export function convolve(
  x: Approximation,
  filters: Approximation,
  shape: Shape,
  attributes: Attributes,
): Approximation {
  const shapes = { x: x.shape, filters: filters.shape, dy: shape }
  return sumOfProducts(x, filters, shape, (visit) =>
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
  return sumOfProducts(x, dy, shape, (visit) =>
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
  return sumOfProducts(filters, dy, shape, (visit) =>
    forEachProduct(shapes, attributes, (to, i, j) => visit(i, j, to)),
  )
}
