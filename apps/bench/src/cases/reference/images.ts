import type { Matrix } from './matrix.ts'

/** Side of the filters. */
const kernelSize = 3

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

/** What the filters see around each pixel, 0 beyond the border. [pixels, 3 · 3 · channels] */
export function unfold({ rows, columns, values }: Matrix, geometry: Geometry): Matrix {
  const taps = kernelSize ** 2 * columns
  const patches = new Float64Array(rows * taps)
  forEachTap(geometry, columns, (patch, pixel) => {
    patches[patch] = values[pixel] ?? 0
  })
  return { rows, columns: taps, values: patches }
}

/** The transpose of `unfold`: each pixel gets the sum of what its copies got. */
export function fold({ rows, columns, values }: Matrix, geometry: Geometry): Matrix {
  const channels = columns / kernelSize ** 2
  const pixels = new Float64Array(rows * channels)
  forEachTap(geometry, channels, (patch, pixel) => {
    pixels[pixel] = (pixels[pixel] ?? 0) + (values[patch] ?? 0)
  })
  return { rows, columns: channels, values: pixels }
}

/** Visits every element of the patches that lies within its image. */
function forEachTap(
  { batch, height, width }: Geometry,
  channels: number,
  visit: (patchPlace: number, imagePlace: number) => void,
): void {
  for (let pixel = 0; pixel < batch * height * width; pixel++) {
    const [x, y] = [pixel % width, Math.floor(pixel / width) % height]
    for (let tap = 0; tap < kernelSize ** 2; tap++) {
      const [dx, dy] = [(tap % kernelSize) - 1, Math.floor(tap / kernelSize) - 1]
      if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) continue
      const patchStart = (pixel * kernelSize ** 2 + tap) * channels
      const imageStart = (pixel + dy * width + dx) * channels
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
