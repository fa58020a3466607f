import { beforeAll, describe, expect, test } from 'vitest'
import { batchNorm, gradients, ones, ShapeError, setBackend, tensor, zeros } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { wave } from '../schedule/plans.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

describe('batchNorm', () => {
  test('takes the statistics of the batch when it trains, and mixes them in', async () => {
    const x = tensor([
      [1, 10],
      [3, 30],
    ])
    const [gamma, beta] = [tensor([2, 1]), tensor([0, 5])]
    const options = { training: true, momentum: 0.75, epsilon: 0 }
    const result = batchNorm(x, gamma, beta, tensor([4, 0]), tensor([1, 0]), options)
    expect(await result.y.array()).toEqual([
      [-2, 4],
      [2, 6],
    ])
    expect(await result.runningMean.array()).toEqual([3.5, 5])
    expect(await result.runningVariance.array()).toEqual([1, 25])
  })

  test('takes the running statistics else, which stay', async () => {
    const [mean, variance] = [tensor([1]), tensor([4])]
    const x = tensor([[3], [-1]])
    const result = batchNorm(x, undefined, undefined, mean, variance, { epsilon: 0 })
    expect(await result.y.array()).toEqual([[1], [-1]])
    expect(result.runningMean).toBe(mean)
    expect(result.runningVariance).toBe(variance)
  })

  test('gives a batch around a large mean its spread', async () => {
    const x = wave([64, 2]).add(10000)
    const options = { training: true, epsilon: 1e-5 }
    const { y } = batchNorm(x, undefined, undefined, zeros([2]), ones([2]), options)
    const deviation = await y.square().mean().sqrt().item()
    expect(deviation).toBeCloseTo(1, 4)
  })

  test('sends nothing back through the mean of a batch', async () => {
    const [x, one] = [wave([3, 4, 2]), ones([2])]
    const { y } = batchNorm(x, one, one, zeros([2]), one, { training: true })
    const [dx] = gradients(y.sum(), [x])
    const slopes = (await dx?.data()) ?? []
    expect(slopes.length).toBe(24)
    for (const slope of slopes) expect(Math.abs(slope)).toBeLessThan(1e-5)
  })

  test('refuses what does not fit', () => {
    const [x, one] = [zeros([4, 3]), ones([3])]
    expect(() => batchNorm(zeros([3]), one, one, one, one)).toThrow(ShapeError)
    expect(() => batchNorm(x, ones([4]), one, one, one)).toThrow(/wanted gamma \[3\]/)
    expect(() => batchNorm(x, one, one, ones([1]), one)).toThrow(/wanted runningMean \[3\]/)
    expect(() => batchNorm(x, one, one, one, ones([4]))).toThrow(/wanted runningVariance \[3\]/)
  })
})
