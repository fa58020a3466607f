import { expect, test } from 'vitest'
import { makeProblem } from './problem.ts'

const digits = {
  images: Float32Array.from({ length: 128 * 784 }, (_, i) => i % 7),
  labels: Int32Array.from({ length: 128 }, (_, i) => i % 10),
}

test('a problem is always the same, its weights within the bound of Glorot', () => {
  const mlp = makeProblem('mlp', 'sgd', digits)
  expect(makeProblem('mlp', 'sgd', digits)).toEqual(mlp)
  if (mlp.network !== 'mlp') throw new Error('not the network that was asked for')
  const { w1 } = mlp.weights
  expect(w1).toHaveLength(784 * 256)
  const largest = w1.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect(largest).toBeCloseTo(Math.sqrt(6 / (784 + 256)), 3)
  const mean = w1.reduce((sum, value) => sum + value) / w1.length
  expect(Math.abs(mean)).toBeLessThan(0.001)
})

test('a batch is the beginning of the digits', () => {
  const { batch, images, labels } = makeProblem('cnn', 'adam', digits)
  expect(batch).toBe(32)
  expect(images).toEqual(digits.images.subarray(0, 32 * 784))
  expect(labels).toEqual(digits.labels.subarray(0, 32))
})
