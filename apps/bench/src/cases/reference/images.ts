import type { Matrix } from './matrix.ts'

/** A square that slides over an image. */
export interface Window {
  readonly side: number
  readonly stride: number
  /** Padding before the first row and column. */
  readonly before: number
}

/** Keeps the size of the image. */
const aroundEachPixel: Window = { side: 3, stride: 1, before: 1 }

/** A batch of images, whose pixels are the rows of a matrix and whose channels its columns. */
export interface Geometry {
  readonly batch: number
  readonly height: number
  readonly width: number
}

/** The image after a pool. */
export function halved({ batch, height, width }: Geometry): Geometry {
  return { batch, height: height / 2, width: width / 2 }
}

/**
 * What the filters see at each position, 0 beyond the border; by default around each pixel.
 * [positions, side · side · channels]
 */
export function unfold(
  { columns, values }: Matrix,
  geometry: Geometry,
  window: Window = aroundEachPixel,
): Matrix {
  const taps = window.side ** 2 * columns
  const rows = positions(geometry, window)
  const patches = new Float64Array(rows * taps)
  forEachTap(geometry, columns, window, (patch, pixel) => {
    patches[patch] = values[pixel] ?? 0
  })
  return { rows, columns: taps, values: patches }
}

/** The transpose of `unfold`: each pixel gets the sum of what its copies got. */
export function fold(
  { columns, values }: Matrix,
  geometry: Geometry,
  window: Window = aroundEachPixel,
): Matrix {
  const channels = columns / window.side ** 2
  const rows = geometry.batch * geometry.height * geometry.width
  const pixels = new Float64Array(rows * channels)
  forEachTap(geometry, channels, window, (patch, pixel) => {
    pixels[pixel] = (pixels[pixel] ?? 0) + (values[patch] ?? 0)
  })
  return { rows, columns: channels, values: pixels }
}

/** Of the window: the sides of the images divide by its stride. */
function positions({ batch, height, width }: Geometry, { stride }: Window): number {
  return batch * (height / stride) * (width / stride)
}

/** Visits every element of the patches that lies within its image. */
function forEachTap(
  geometry: Geometry,
  channels: number,
  window: Window,
  visit: (patchPlace: number, imagePlace: number) => void,
): void {
  const { height, width } = geometry
  const { side, stride, before } = window
  const [down, across] = [height / stride, width / stride]
  for (let position = 0; position < positions(geometry, window); position++) {
    const line = Math.floor(position / across)
    const [top, left] = [(line % down) * stride - before, (position % across) * stride - before]
    const image = Math.floor(line / down) * height * width
    for (let tap = 0; tap < side ** 2; tap++) {
      const [y, x] = [top + Math.floor(tap / side), left + (tap % side)]
      if (x < 0 || x >= width || y < 0 || y >= height) continue
      const patchStart = (position * side ** 2 + tap) * channels
      const imageStart = (image + y * width + x) * channels
      for (let c = 0; c < channels; c++) visit(patchStart + c, imageStart + c)
    }
  }
}

export interface Pooled {
  readonly output: Matrix
  /** Which element of the input each element of the output is. */
  readonly winners: Int32Array
}

/** Greatest of each 2×2 block per channel; of equal ones the first. */
export function maxPool({ columns, values }: Matrix, { batch, height, width }: Geometry): Pooled {
  const rows = (batch * height * width) / 4
  const winners = Int32Array.from({ length: rows * columns }, (_, place) => {
    const [c, pixel] = [place % columns, Math.floor(place / columns)]
    const [x, line] = [pixel % (width / 2), Math.floor(pixel / (width / 2))]
    const first = (2 * line * width + 2 * x) * columns + c
    const block = [first, first + columns, first + width * columns, first + (width + 1) * columns]
    return block.reduce((best, other) =>
      (values[other] ?? 0) > (values[best] ?? 0) ? other : best,
    )
  })
  const output = Float64Array.from(winners, (winner) => values[winner] ?? 0)
  return { output: { rows, columns, values: output }, winners }
}

/** The gradient of a pool: `dy` goes to the winners, in a matrix like the pool's input. */
export function unpool({ winners }: Pooled, dy: Matrix, input: Matrix): Matrix {
  const values = new Float64Array(input.values.length)
  winners.forEach((winner, i) => {
    values[winner] = dy.values[i] ?? 0
  })
  return { rows: input.rows, columns: input.columns, values }
}
