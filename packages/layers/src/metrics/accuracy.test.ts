import { cpu } from '@tensorweft/backend-cpu'
import { ShapeError, setBackend, tensor } from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { accuracy } from './accuracy.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const labels = (...values: number[]) => tensor(values, { dtype: 'int32' })

describe('accuracy', () => {
  test('is the share of greatest logits at the label', async () => {
    const logits = tensor([
      [1, 2, 3],
      [3, 2, 1],
      [1, 3, 2],
      [-1, -2, -3],
    ])
    expect(await accuracy(logits, labels(2, 0, 0, 0)).item()).toBe(0.75)
  })

  test('takes the first of equal logits', async () => {
    expect(
      await accuracy(
        tensor([
          [1, 1],
          [1, 1],
        ]),
        labels(0, 1),
      ).item(),
    ).toBe(0.5)
  })

  test('works on any leading axes', async () => {
    const logits = tensor([
      [
        [0, 1],
        [1, 0],
      ],
    ])
    expect(await accuracy(logits, labels(1, 1).reshape([1, 2])).item()).toBe(0.5)
  })

  test('refuses labels in another number', () => {
    expect(() =>
      accuracy(
        tensor([
          [0, 1],
          [1, 0],
        ]),
        labels(0, 1, 0),
      ),
    ).toThrow(ShapeError)
  })
})
