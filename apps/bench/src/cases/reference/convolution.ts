import {
  type ConvolutionProblem,
  type ConvolutionSizes,
  outputSide,
} from '../../problems/convolution.ts'

const side = 3

/** Elements of what the problem computes. */
export function convolutionLength({ direction, images, filters, dy }: ConvolutionProblem): number {
  return { forward: dy, 'by-input': images, 'by-filters': filters }[direction].length
}

/** One element of what the problem computes, by the definition, in float64. */
export function convolutionElement(problem: ConvolutionProblem, place: number): number {
  const { direction, sizes, images, filters, dy } = problem
  let sum = 0
  const add = (a: Float32Array, i: number, b: Float32Array, j: number) => {
    sum += (a[i] ?? 0) * (b[j] ?? 0)
  }
  const places = placesOf(sizes)
  switch (direction) {
    case 'forward':
      places.ofOutput(place, (image, filter) => add(images, image, filters, filter))
      return sum
    case 'by-input':
      places.ofInput(place, (output, filter) => add(dy, output, filters, filter))
      return sum
    case 'by-filters':
      places.ofFilters(place, (image, output) => add(images, image, dy, output))
      return sum
  }
}

type Visit = (first: number, second: number) => void

/** Which elements meet: output [n, y, x, f], image [n, s·y + i − before, s·x + j − before, c], filter [i, j, c, f]. */
function placesOf({ batch, height, width, channels, filters, stride }: ConvolutionSizes) {
  const [outHeight, outWidth] = [outputSide(height, stride), outputSide(width, stride)]
  const [top, left] = [before(height, stride), before(width, stride)]
  const image = (n: number, y: number, x: number, c: number) =>
    y < 0 || y >= height || x < 0 || x >= width
      ? undefined
      : ((n * height + y) * width + x) * channels + c
  const taps = Array.from({ length: side ** 2 }, (_, tap) => ({
    i: Math.floor(tap / side),
    j: tap % side,
  }))
  const filterPlace = (i: number, j: number, c: number, f: number) =>
    ((i * side + j) * channels + c) * filters + f
  return {
    ofOutput(place: number, visit: Visit) {
      const [n, y, x, f] = digits(place, [outHeight, outWidth, filters])
      for (const { i, j } of taps) {
        for (let c = 0; c < channels; c++) {
          const at = image(n, stride * y + i - top, stride * x + j - left, c)
          if (at !== undefined) visit(at, filterPlace(i, j, c, f))
        }
      }
    },
    ofInput(place: number, visit: Visit) {
      const [n, y, x, c] = digits(place, [height, width, channels])
      for (const { i, j } of taps) {
        const [outY, outX] = [(y + top - i) / stride, (x + left - j) / stride]
        const inside = outY >= 0 && outY < outHeight && outX >= 0 && outX < outWidth
        if (!inside || !Number.isInteger(outY) || !Number.isInteger(outX)) continue
        const start = ((n * outHeight + outY) * outWidth + outX) * filters
        for (let f = 0; f < filters; f++) visit(start + f, filterPlace(i, j, c, f))
      }
    },
    ofFilters(place: number, visit: Visit) {
      const [i, j, c, f] = digits(place, [side, channels, filters])
      for (let pixel = 0; pixel < batch * outHeight * outWidth; pixel++) {
        const [, n, y, x] = digits(pixel, [batch, outHeight, outWidth])
        const at = image(n, stride * y + i - top, stride * x + j - left, c)
        if (at !== undefined) visit(at, pixel * filters + f)
      }
    },
  }
}

/** Padding before the first element: the smaller half. */
function before(size: number, stride: number): number {
  const total = (outputSide(size, stride) - 1) * stride + side - size
  return Math.floor(Math.max(total, 0) / 2)
}

/** The index of a place on four axes of which the last three have these sizes. */
function digits(place: number, sizes: readonly [number, number, number]) {
  const [b, c, d] = sizes
  const rest = Math.floor(place / d)
  const outer = Math.floor(rest / c)
  return [Math.floor(outer / b), outer % b, rest % c, place % d] as const
}
