import { loadFile } from './load-file.ts'

/** Labelled images of 28 × 28 pixels. */
export interface Digits {
  /** [count, 28 · 28], row-major, 0 is background and 255 full ink. */
  readonly images: Uint8Array
  /** [count], which digit each image shows. */
  readonly labels: Uint8Array
  readonly count: number
}

/** The images to learn from and those to be judged by. */
export interface Mnist {
  readonly train: Digits
  readonly test: Digits
}

/** Pixels in a row and in a column. */
export const side = 28
export const pixelCount: number = side * side
export const classCount = 10
export const trainCount = 60_000

/**
 * Loads the 60,000 training and 10,000 test images of MNIST that come with the page.
 *
 * @throws Error where they cannot be loaded.
 */
export async function loadMnist(): Promise<Mnist> {
  const [train, test] = await Promise.all([
    loadDigits('mnist-train.bin'),
    loadDigits('mnist-test.bin'),
  ])
  return { train, test }
}

async function loadDigits(name: string): Promise<Digits> {
  const packed = new Blob([await loadFile(import.meta.env.BASE_URL + name, 'The digits')])
  const unpacked = new Response(packed.stream().pipeThrough(new DecompressionStream('gzip')))
  return digitsOf(new Uint8Array(await unpacked.arrayBuffer()))
}

/** Takes apart what `mnistAssets` put together: all pixels, then all labels. */
export function digitsOf(bytes: Uint8Array): Digits {
  const count = bytes.length / (pixelCount + 1)
  if (!Number.isInteger(count) || count === 0) {
    throw new Error(
      `The digits are damaged: ${bytes.length} bytes, wanted a multiple of ${pixelCount + 1}.`,
    )
  }
  const pixels = count * pixelCount
  return { images: bytes.subarray(0, pixels), labels: bytes.subarray(pixels), count }
}
