import { existsSync } from 'node:fs'
import {
  compile,
  type Key,
  type Layer,
  softmax,
  sparseSoftmaxCrossEntropy,
  splitKey,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import {
  accuracy,
  activation,
  conv2d,
  dense,
  flatten,
  maxPooling2d,
  sequential,
  trainer,
} from '@tensorweft/layers'
import { load, save } from '@tensorweft/layers/node'
import { adam } from '@tensorweft/optimizers'
import { batchesOf, shuffledOrder } from '../data/batches.ts'
import type { Mnist } from '../data/mnist.ts'

/** A classifier of digits that knows nothing of the generator that it judges. */
export interface DigitJudge {
  /** The share of the test images that it knows. */
  readonly accuracy: number
  /** @param images [images, height, width, 1] from −1 to 1. */
  judge(images: Tensor): Promise<Judgement>
}

/** What a classifier makes of images. */
export interface Judgement {
  /** For each digit, the share of the images that is taken for it. */
  readonly shares: readonly number[]
  /** The mean probability of what images are taken for. */
  readonly confidence: number
  /** [images, features], what the last layer but one makes of the images. */
  readonly features: Tensor
}

const digits = 10
const featureCount = 64
const batchSize = 64
/** Images that are judged at once. */
const chunkSize = 250

/** Pixels as bytes [images, height · width] as images [images, height, width, 1] from −1 to 1. */
export function toImages(rows: Tensor, height: number, width: number): Tensor {
  return rows.cast('float32').div(127.5).sub(1).reshape([-1, height, width, 1])
}

/**
 * A judge that learned the training images in one pass, or that was saved before.
 *
 * @param path Where its weights are or, after its training, are written.
 * @throws FileError, WeightsError where the file does not fit.
 */
export async function prepareJudge(
  data: Mnist,
  path: string | undefined,
  key: Key,
): Promise<DigitJudge> {
  const { train, test } = data
  const { height, width } = train
  const [weightsKey = key, orderKey = key] = splitKey(key)
  const features = sequential(
    conv2d({ filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' }),
    maxPooling2d(),
    conv2d({ filters: 64, kernelSize: 3, padding: 'same', activation: 'relu' }),
    maxPooling2d(),
    flatten(),
    dense({ units: featureCount, activation: 'relu' }),
  )
  const head = dense({ units: digits })
  const model = sequential(features, head)
  model.build([height, width, 1], weightsKey)

  const steps = Math.ceil(train.count / batchSize)
  const school = trainer({
    model: sequential(
      activation((rows: Tensor) => toImages(rows, height, width)),
      model,
    ),
    loss: sparseSoftmaxCrossEntropy,
    optimizer: adam({
      learningRate: (step: Tensor<'int32'>) => step.cast('float32').div(-steps).add(1).mul(0.003),
    }),
    metrics: { accuracy },
  })
  if (path !== undefined && existsSync(path)) await load(model, path)
  else {
    const order = await shuffledOrder(orderKey, train.count)
    await school.fit(() => batchesOf(train, batchSize, order), { epochs: 1 })
    if (path !== undefined) await save(model, path)
  }
  const { accuracy: share } = await school.evaluate(() => batchesOf(test, chunkSize))
  return { accuracy: share, judge: (images) => judge(features, head, images) }
}

async function judge(features: Layer, head: Layer, images: Tensor): Promise<Judgement> {
  const apply = compile((chunk: Tensor) => {
    const seen = features.apply(chunk)
    return { seen, probabilities: softmax(head.apply(seen)) }
  })
  const [count = 0, ...image] = images.shape
  const values = new Float32Array(count * featureCount)
  const counts = new Array<number>(digits).fill(0)
  let certainty = 0
  for (let begin = 0; begin < count; begin += chunkSize) {
    const size = Math.min(chunkSize, count - begin)
    const { seen, probabilities } = apply(images.slice([begin, 0, 0, 0], [size, ...image]))
    values.set(await seen.data(), begin * featureCount)
    const rows = await probabilities.data()
    for (let row = 0; row < size; row++) {
      const ofImage = rows.subarray(row * digits, (row + 1) * digits)
      const best = Math.max(...ofImage)
      const digit = ofImage.indexOf(best)
      counts[digit] = (counts[digit] ?? 0) + 1
      certainty += best
    }
  }
  return {
    shares: counts.map((n) => n / count),
    confidence: certainty / count,
    features: tensor(values, { shape: [count, featureCount] }),
  }
}
