import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { compile, key, randomNormal, setBackend, softmax, type Tensor, tensor } from 'tensorweft'
import { importWeights } from 'tensorweft/layers'
import { beforeAll, expect, test } from 'vitest'
import { mnistPart } from '../../build/mnist-assets.ts'
import { classCount, digitsOf, pixelCount } from '../data/mnist.ts'
import { createGenerator, latentSize, toBytes } from './digit-networks.ts'
import { createModel } from './digit-training.ts'

const asset = (name: string) => readFile(new URL(`../assets/${name}`, import.meta.url))

beforeAll(async () => {
  await setBackend('wasm')
})

/** The shipped classifier: from rows of bytes [batch, 784] to probabilities [batch, 10]. */
async function shippedClassifier() {
  const model = createModel('conv', key(0))
  const bytes = await asset('digit-classifier.safetensors')
  expect(bytes.length).toBeLessThan(250_000)
  importWeights(model, bytes)
  return compile((rows: Tensor<'uint8'>) => softmax(model.apply(rows.cast('float32'))))
}

test('the classifier knows 99 of 100 test digits', async () => {
  const classify = await shippedClassifier()
  const { images, labels, count } = digitsOf(gunzipSync(await readFile(mnistPart('test'))))
  const answers = Array.from({ length: count / 500 }, (_, i) => {
    const rows = images.subarray(i * 500 * pixelCount, (i + 1) * 500 * pixelCount)
    return classify(tensor(rows, { shape: [500, pixelCount] }))
      .argMax(-1)
      .data()
  })
  const found = (await Promise.all(answers)).flatMap((each) => [...each])
  const right = found.filter((digit, i) => digit === labels[i]).length
  expect(right / count).toBeGreaterThanOrEqual(0.99)
})

test('what the generator draws is taken for all ten digits, without much doubt', async () => {
  const generator = createGenerator()
  generator.build([latentSize], key(0))
  importWeights(generator, await asset('digit-generator.safetensors'))
  const classify = await shippedClassifier()
  const drawn = toBytes(generator.apply(randomNormal(key(5), [500, latentSize])))
  const probabilities = classify(drawn.reshape([-1, pixelCount]))
  expect(await probabilities.max(-1).mean().item()).toBeGreaterThan(0.85)
  const digits = await probabilities.argMax(-1).data()
  const counts = Array.from({ length: classCount }, (_, i) => digits.filter((d) => d === i).length)
  expect(Math.min(...counts)).toBeGreaterThan(0.02 * 500)
  expect(Math.max(...counts)).toBeLessThan(0.25 * 500)
})
