import { setBackend } from 'tensorweft'
import { beforeAll, expect, test } from 'vitest'
import { createContext } from './context.ts'
import { defaultSettings } from './digit-settings.ts'
import { createDigitTraining } from './digit-training.ts'
import { drawService } from './draw-service.ts'

beforeAll(async () => {
  await setBackend('cpu')
})

const image = Uint8Array.from({ length: 784 }, (_, i) => i % 256)

test('a model of the visitor is asked once it is there', async () => {
  const context = createContext()
  const service = drawService(context)
  expect(service.trained()).toBeUndefined()
  await expect(service.recognize(image, 'trained')).rejects.toThrow('train one first')
  context.digits = createDigitTraining(defaultSettings)
  expect(service.trained()).toEqual(defaultSettings)
  const { probabilities, digit } = await service.recognize(image, 'trained')
  expect(probabilities[digit]).toBe(Math.max(...probabilities))
  expect(probabilities.reduce((sum, each) => sum + each)).toBeCloseTo(1, 5)
})

test('of a model whose training diverged it is said so', async () => {
  const context = createContext()
  context.digits = createDigitTraining({ ...defaultSettings, optimizer: 'sgd', learningRate: 1e30 })
  const data = { x: { data: image, shape: [1, 784] }, y: Int32Array.of(3) }
  await context.digits.trainer.fit(data, { epochs: 3, onNonFinite: 'ignore' })
  await expect(drawService(context).recognize(image, 'trained')).rejects.toThrow(/diverged/)
})
