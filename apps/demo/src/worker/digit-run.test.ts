import { setBackend } from 'tensorweft'
import { beforeAll, expect, test } from 'vitest'
import type { Digits } from '../data/mnist.ts'
import { DigitRun } from './digit-run.ts'
import { defaultSettings } from './digit-settings.ts'
import { createDigitTraining } from './digit-training.ts'

beforeAll(async () => {
  await setBackend('cpu')
})

const digits: Digits = {
  images: Uint8Array.from({ length: 4 * 784 }, (_, i) => i % 256),
  labels: Uint8Array.of(3, 1, 4, 1),
  count: 4,
}

test('a training that diverges ends with advice', async () => {
  const settings = {
    ...defaultSettings,
    optimizer: 'sgd',
    learningRate: 1e30,
    batchSize: 1,
  } as const
  const listener = { onProgress: () => {}, onTest: () => {} }
  const mnist = { train: digits, test: digits }
  const run = new DigitRun(createDigitTraining(settings), mnist, listener)
  await expect(run.trainTo(3)).rejects.toThrow('start again with a smaller learning rate')
  expect(run.isActive).toBe(false)
})
