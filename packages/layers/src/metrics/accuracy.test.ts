import { cpu } from '@tensorweft/backend-cpu'
import { ArgumentError, DTypeError, oneHot, ShapeError, setBackend, tensor } from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { accuracy } from './accuracy.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const labels = (...values: number[]) => tensor(values, { dtype: 'int32' })

describe('accuracy', () => {
  const logits = tensor([
    [1, 2, 3],
    [3, 2, 1],
    [1, 3, 2],
    [-1, -2, -3],
  ])

  test('is the share of greatest logits at the label', async () => {
    expect(await accuracy(logits, labels(2, 0, 0, 0)).item()).toBe(0.75)
    expect(await accuracy(logits, labels(2, 0, 0, 0).cast('uint8')).item()).toBe(0.75)
  })

  test('takes one-hot labels', async () => {
    const chosen = labels(2, 0, 0, 0)
    expect(await accuracy(logits, oneHot(chosen, 3)).item()).toBe(0.75)
    expect(await accuracy(logits, oneHot(chosen, 3, 'int32')).item()).toBe(0.75)
    expect(await accuracy(logits, oneHot(chosen, 3, 'bool')).item()).toBe(0.75)
  })

  test('takes the first of equal logits', async () => {
    const equal = tensor([
      [1, 1],
      [1, 1],
    ])
    expect(await accuracy(equal, labels(0, 1)).item()).toBe(0.5)
  })

  test('works on any leading axes', async () => {
    const inTime = tensor([
      [
        [0, 1],
        [1, 0],
      ],
    ])
    expect(await accuracy(inTime, labels(1, 1).reshape([1, 2])).item()).toBe(0.5)
    expect(await accuracy(tensor([0, 1]), labels(1).reshape([])).item()).toBe(1)
  })

  test('refuses labels in another number or of floats', () => {
    const two = tensor([
      [0, 1],
      [1, 0],
    ])
    expect(() => accuracy(two, labels(0, 1, 0))).toThrow(ShapeError)
    expect(() => accuracy(two, labels(0, 1, 0))).toThrow('labels [3]')
    expect(() => accuracy(two, tensor([0, 1]))).toThrow(DTypeError)
    expect(() => accuracy(tensor([0, 1]), tensor([0, 1]))).toThrow(/binaryAccuracy/)
  })

  test('refuses one prediction per sample, whose threshold it cannot know', () => {
    const single = tensor([[0.4], [0.7]])
    expect(() => accuracy(single, labels(0, 1))).toThrow(ArgumentError)
    expect(() => accuracy(single, labels(0, 1).reshape([2, 1]))).toThrow(
      'use binaryAccuracy(), or binaryAccuracy({ threshold: 0 }) for logits',
    )
  })
})
