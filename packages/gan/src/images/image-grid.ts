import { formatShape, type OptionRule, ShapeError, settleOptions, Tensor } from '@tensorweft/core'
import { optionRules } from '@tensorweft/layers'

const { integerFrom0, optional, positiveInteger } = optionRules

export interface ImageGridOptions {
  /** Images in a row; by default as many rows as columns, or one less. */
  readonly columns?: number
  /** Pixels around and between images, by default 2. */
  readonly padding?: number
  /** The values that become black and full colour; by default [−1, 1], the range of tanh. */
  readonly range?: readonly [low: number, high: number]
  /** Of the padding, from 0 to 255; by default 255. */
  readonly background?: number
}

/** Pixels by rows, from the top left, each with its channels: 1 grey, 3 red, green and blue. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  /** From 0 to 255. */
  readonly data: Uint8Array
}

const aRange: OptionRule = [
  '[low, high] with low < high',
  (_, value) =>
    Array.isArray(value) &&
    value.length === 2 &&
    value.every(Number.isFinite) &&
    value[0] < value[1],
]

const aByte: OptionRule = [
  'an integer from 0 to 255',
  (n) => Number.isInteger(n) && n >= 0 && n < 256,
]

/**
 * Images side by side in rows, as one picture. Values beyond the range count as its ends.
 *
 * @param images [count, height, width], or [count, height, width, channels] with 1 or 3 channels.
 * @throws ArgumentError for wrong options, ShapeError for what are no images.
 * @example
 * ```ts
 * const { width, height, data } = await imageGrid(zeros([6, 28, 28, 1]), { columns: 3 })
 * console.log(width, height, data.length) // 92, 62, 5704
 * ```
 */
export async function imageGrid(images: Tensor, options: ImageGridOptions = {}): Promise<Pixels> {
  const op = 'imageGrid'
  const { padding, range, background, columns } = settleOptions<
    ImageGridOptions,
    'columns' | 'padding' | 'range' | 'background'
  >(op, options, {
    columns: [optional(positiveInteger)],
    padding: [integerFrom0, 2],
    range: [aRange, [-1, 1]],
    background: [aByte, 255],
  })
  const { count, height, width, channels } = sizesOf(op, images)
  const across = columns ?? Math.ceil(Math.sqrt(count))
  const down = Math.ceil(count / across)
  const grid = {
    width: across * (width + padding) + padding,
    height: down * (height + padding) + padding,
  }
  const data = new Uint8Array(grid.width * grid.height * channels).fill(background)
  const [low, high] = range
  const bytes = Uint8ClampedArray.from(
    await images.data(),
    (value) => (255 * (value - low)) / (high - low),
  )
  for (let row = 0; row < count * height; row++) {
    const image = Math.floor(row / height)
    const x = padding + (image % across) * (width + padding)
    const y = padding + Math.floor(image / across) * (height + padding) + (row % height)
    const from = row * width * channels
    data.set(bytes.subarray(from, from + width * channels), (y * grid.width + x) * channels)
  }
  return { ...grid, channels, data }
}

function sizesOf(op: string, images: Tensor) {
  const shape = images instanceof Tensor ? images.shape : []
  const [count = 0, height = 0, width = 0, channels = 1] = shape
  const areImages = (shape.length === 3 || shape.length === 4) && count * height * width > 0
  if (areImages && (channels === 1 || channels === 3)) {
    return { count, height, width, channels } as const
  }
  throw new ShapeError(op, {
    got:
      images instanceof Tensor ? `images ${formatShape(shape)}` : `images of type ${typeof images}`,
    wanted: '[count, height, width], or [count, height, width, channels] with 1 or 3 channels',
  })
}
