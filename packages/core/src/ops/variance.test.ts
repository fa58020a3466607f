import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  gradients,
  setBackend,
  std,
  type Tensor,
  tensor,
  variance,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { planOf, wave } from '../schedule/plans.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

describe('variance', () => {
  test.each([1e3, 1e6, 1.6e7])('is accurate at a mean of %d', async (offset) => {
    // Exact in float32 at every offset, with variance 5.25 around any mean.
    const deviations = [-3, -1, 0, 1, 4, -2, 2, 3]
    const values = deviations.map((deviation) => offset + deviation)
    const x = tensor(values)
    expect(await variance(x).item()).toBeCloseTo(5.25, 5)
    const slope = await gradients(variance(x), x).data()
    deviations.forEach((deviation, i) => {
      expect(slope[i]).toBeCloseTo((2 * (deviation - 0.5)) / 8, 5)
    })
  })

  test('has the right second derivatives, which know of the mean', async () => {
    const x = tensor([1, 2, 4])
    const first = gradients(variance(x, null, { correction: 1 }), x)
    const along = gradients(first.mul(tensor([1, 0, 0])).sum(), x)
    const second = [...(await along.data())]
    for (const [i, value] of [2 / 3, -1 / 3, -1 / 3].entries()) {
      expect(second[i]).toBeCloseTo(value, 6)
    }
  })

  test('of equal elements is 0 and never less', async () => {
    for (const value of [0.1, 1 / 3, 1e-30, -7e5]) {
      const x = tensor(new Float32Array(37).fill(value))
      const spread = await variance(x).item()
      expect(spread).toBeGreaterThanOrEqual(0)
      expect(spread).toBeLessThanOrEqual(1e-10 * value * value)
      expect(Number.isFinite(await std(x).item())).toBe(true)
    }
  })

  test('divides by n − correction; by nothing it is NaN', async () => {
    const x = tensor([1, 3])
    expect(await variance(x, 0, { correction: 1 }).item()).toBe(2)
    expect(await variance(x, 0, { correction: 0.5 }).item()).toBeCloseTo(4 / 3, 6)
    expect(await variance(tensor([1]), 0, { correction: 1 }).item()).toBe(Number.NaN)
    expect(await variance(tensor([] as number[])).item()).toBe(Number.NaN)
  })

  test('takes integers and bools, and shows what is not finite', async () => {
    const integers = variance(tensor([1, 3], { dtype: 'int32' }))
    expect([integers.dtype, await integers.item()]).toEqual(['float32', 1])
    expect(await std(tensor([true, false])).item()).toBe(0.5)
    expect(await variance(tensor([1, Number.POSITIVE_INFINITY])).item()).toBe(Number.NaN)
    expect(await variance(tensor([3e38, -3e38])).item()).toBe(Number.POSITIVE_INFINITY)
  })

  test('is one kernel over rows, and so is its gradient', () => {
    const x = wave([6, 8])
    expect(planOf(() => [variance(x, 1)]).kernels.map(({ kind }) => kind)).toEqual(['row'])
    const build = () => [
      gradients(
        std(x, 1)
          .mul(wave([6]))
          .sum(),
        x,
      ),
    ]
    expect(planOf(build).kernels.map(({ kind }) => kind)).toEqual(['row'])
  })

  test('refuses wrong attributes', () => {
    const x: Tensor = wave([2, 3])
    expect(() => variance(x, 2)).toThrow('variance: axis 2 for a tensor of rank 2')
    expect(() => std(x, [0, 0])).toThrow('std: axes [0, 0]; wanted each axis once.')
    expect(() => variance(x, 0, { correction: Number.NaN })).toThrow(ArgumentError)
    expect(() => std(x, 0, { correction: Number.POSITIVE_INFINITY })).toThrow(
      'std: correction Infinity; wanted a finite number.',
    )
  })
})

describe('std', () => {
  test('of equal elements has the gradient 0', async () => {
    const x = tensor([
      [2, 2, 2],
      [1, 2, 3],
    ])
    const slope = gradients(std(x, 1).sum(), x)
    expect([...(await slope.data())].slice(0, 3)).toEqual([0, 0, 0])
    expect([...(await slope.data())].every(Number.isFinite)).toBe(true)
    expect(await std(x, 1, { keepDims: true }).shape).toEqual([2, 1])
  })
})
