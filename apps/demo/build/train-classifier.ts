// Trains the classifier that ships with the demo: the convolutional network of the Train view, on
// digits that are drawn a little differently in every epoch:
//
//   node --conditions=@tensorweft/source apps/demo/build/train-classifier.ts
import { readFile, writeFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import {
  adam,
  type Key,
  key,
  randomUniform,
  setBackend,
  sparseSoftmaxCrossEntropy,
  splitKey,
  type Tensor,
} from 'tensorweft'
import { accuracy, decodeSafetensors, exportWeights, trainer } from 'tensorweft/layers'
import { type Digits, digitsOf, pixelCount } from '../src/data/mnist.ts'
import { createModel } from '../src/worker/digit-training.ts'
import { chancesPerImage, distort } from './distort.ts'
import { encodeHalf } from './half-precision.ts'
import { mnistPart } from './mnist-assets.ts'

const epochs = 10
const batchSize = 64
const initialRate = 0.003
const target = new URL('../src/assets/digit-classifier.safetensors', import.meta.url)

await setBackend('wasm')
const train = await load('train')
const test = await load('test')
const [weightsKey = key(0), ...distortionKeys] = splitKey(key(0), 1 + epochs)
const model = createModel('conv', weightsKey)

// Large steps at first, smaller and smaller ones towards the end.
const steps = epochs * Math.ceil(train.count / batchSize)
const learningRate = (step: Tensor<'int32'>) =>
  step.cast('float32').div(-steps).add(1).mul(initialRate)
const school = trainer({
  model,
  loss: sparseSoftmaxCrossEntropy,
  optimizer: adam({ learningRate }),
  metrics: { accuracy },
})
for (const distortionKey of distortionKeys) {
  const distorted = await distortAll(train, distortionKey)
  const { history } = await school.fit(dataOf(distorted), { epochs: 1, batchSize })
  console.log(`Epoch: ${school.epoch} cost= ${history.loss[0]?.toFixed(4)}`)
}
const { accuracy: share } = await school.evaluate(dataOf(test), { batchSize: 250 })
console.log(`Accuracy: ${share.toFixed(4)}`)

const bytes = encodeHalf(decodeSafetensors(await exportWeights(model)).tensors)
await writeFile(target, bytes)
console.log(`Wrote ${target.pathname}, ${bytes.byteLength} bytes`)

async function load(part: 'train' | 'test'): Promise<Digits> {
  return digitsOf(gunzipSync(await readFile(mnistPart(part))))
}

async function distortAll(digits: Digits, from: Key): Promise<Digits> {
  const chances = await randomUniform(from, [digits.count * chancesPerImage]).data()
  const images = new Uint8Array(digits.images.length)
  for (let i = 0; i < digits.count; i++) {
    const image = digits.images.subarray(i * pixelCount, (i + 1) * pixelCount)
    const own = chances.subarray(i * chancesPerImage, (i + 1) * chancesPerImage)
    images.set(distort(image, own), i * pixelCount)
  }
  return { ...digits, images }
}

function dataOf({ images, labels, count }: Digits) {
  return { x: { data: images, shape: [count, pixelCount] }, y: Int32Array.from(labels) }
}
