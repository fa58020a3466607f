import { cpu } from '@tensorweft/backend-cpu'
import { ArgumentError, ShapeError, setBackend, tensor } from '@tensorweft/core'
import { beforeAll, expect, test } from 'vitest'
import { binaryAccuracy } from './binary-accuracy.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

test('tells per sample whether the side of the threshold is that of the label', async () => {
  const predictions = tensor([[0.4], [0.6], [0.6], [-0.1], [0.5], [Number.NaN]])
  const labels = [
    tensor([0, 1, 0, 0, 1, 1]),
    tensor([0, 1, 0, 0, 1, 1], { dtype: 'int32' }),
    tensor([[false], [true], [false], [false], [true], [true]]),
  ]
  for (const label of labels) {
    const byHalf = await binaryAccuracy()(predictions, label).array()
    expect(byHalf).toEqual([[true], [true], [false], [true], [false], [false]])
    const byZero = await binaryAccuracy({ threshold: 0 })(predictions, label).array()
    expect(byZero).toEqual([[false], [true], [false], [true], [true], [false]])
  }
})

test('refuses other numbers and thresholds', () => {
  const metric = binaryAccuracy()
  expect(() => metric(tensor([[0, 1]]), tensor([[0], [1]]))).not.toThrow()
  expect(() => metric(tensor([[0, 1]]), tensor([0]))).toThrow(ShapeError)
  const [wide, tall] = [tensor([[0, 1]]), tensor([0, 1, 1])]
  expect(() => metric(wide, tall)).toThrow('predictions are [1, 2] and labels [3]')
  expect(() => binaryAccuracy({ threshold: Number.NaN })).toThrow(ArgumentError)
})
