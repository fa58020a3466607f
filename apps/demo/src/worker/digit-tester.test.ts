import { setBackend, type Tensor, tensor } from 'tensorweft'
import { activation } from 'tensorweft/layers'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { digitTester } from './digit-tester.ts'

beforeAll(async () => {
  await setBackend('cpu')
})

afterEach(() => vi.restoreAllMocks())

const count = 1200

/** Images whose first pixel says what a model is to answer: the digit, but 9 for a 4. */
const digits = {
  count,
  labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
  images: Uint8Array.from({ length: count * 784 }, (_, i) => {
    const label = Math.floor(i / 784) % 10
    return i % 784 === 0 ? (label === 4 ? 9 : label) : 0
  }),
}

/** Logits [batch, 10] that are highest at what the first pixel says. */
const model = activation((x: Tensor) => {
  const answer = x.slice([0, 0], [x.shape[0] ?? 0, 1])
  return answer
    .equal(tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
    .cast('float32')
    .mul(20)
})

describe('a test of a model', () => {
  test('counts every answer, and shows what was mistaken', async () => {
    const report = await digitTester(model, digits)(60_000)
    expect(report).toMatchObject({ count, accuracy: 0.9 })
    expect(report.confusion.filter((cell) => cell > 0)).toEqual(new Array(10).fill(120))
    expect(report.confusion[4 * 10 + 9]).toBe(120)
    const [mistake, ...others] = report.mistakes
    expect(others).toEqual([])
    expect(mistake).toMatchObject({ digit: 4, answer: 9, count: 120 })
    expect(mistake?.pixels).toEqual(
      Uint8Array.from({ length: 8 * 784 }, (_, i) => (i % 784 === 0 ? 9 : 0)),
    )
    // A tenth is wrong by 20, the rest is right by 20.
    expect(report.loss).toBeCloseTo(2, 3)
  })

  test('ends when the time is up, with digits from everywhere', async () => {
    const { count: tested, confusion } = await digitTester(model, digits)(0)
    expect(tested).toBe(400)
    expect(confusion.filter((cell) => cell > 0)).toEqual(new Array(10).fill(40))
  })

  test.each([1, 3, 5])('is not cut short by a moment without progress: %i', async (stalled) => {
    let calls = 0
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += calls++ === stalled ? 10_000 : 1
      return now
    })
    const { count: tested } = await digitTester(model, digits)(5000, 2)
    expect(now).toBeGreaterThan(10_000)
    expect(tested).toBe(count)
  })
})
