import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  key,
  randomNormal,
  randomUniform,
  setBackend,
  type Tensor,
  truncatedNormal,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend('naive', [])))

const count = 4000

/** Mean, standard deviation, skewness and excess kurtosis. */
async function momentsOf(x: Tensor) {
  const values = [...(await x.data())]
  const mean = average(values)
  const central = (power: number) => average(values.map((value) => (value - mean) ** power))
  const deviation = Math.sqrt(central(2))
  return {
    mean,
    deviation,
    skewness: central(3) / deviation ** 3,
    excess: central(4) / deviation ** 4 - 3,
    least: Math.min(...values),
    greatest: Math.max(...values),
  }
}

const average = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length

describe('randomUniform', () => {
  test('has the moments of the uniform distribution', async () => {
    const { mean, deviation, skewness, excess, least, greatest } = await momentsOf(
      randomUniform(key(1), [count]),
    )
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.015)
    expect(Math.abs(deviation - Math.sqrt(1 / 12))).toBeLessThan(0.008)
    expect(Math.abs(skewness)).toBeLessThan(0.1)
    expect(Math.abs(excess + 1.2)).toBeLessThan(0.1)
    expect(least).toBeGreaterThan(0)
    expect(greatest).toBeLessThan(1)
    expect(greatest - least).toBeGreaterThan(0.99)
  })

  test('fills every tenth of its range evenly', async () => {
    const values = [...(await randomUniform(key(2), [count], { low: -3, high: 7 }).data())]
    for (let cell = -3; cell < 7; cell++) {
      const inside = values.filter((value) => cell <= value && value < cell + 1).length
      expect(Math.abs(inside / count - 0.1)).toBeLessThan(0.02)
    }
  })

  test('never reaches its upper bound, however far it is from 0', async () => {
    const values = await randomUniform(key(3), [2000], { low: 1e6, high: 1e6 + 1 }).data()
    expect(values.every((value) => 1e6 <= value && value < 1e6 + 1)).toBe(true)
  })

  test.each([{ low: 1, high: 1 }, { low: 2, high: 1 }, { high: Number.NaN }])(
    'of %j is refused',
    (options) => {
      expect(() => randomUniform(key(1), [2], options)).toThrow(ArgumentError)
    },
  )
})

describe('randomNormal', () => {
  test('has the moments of the normal distribution', async () => {
    const { mean, deviation, skewness, excess } = await momentsOf(randomNormal(key(1), [count]))
    expect(Math.abs(mean)).toBeLessThan(0.05)
    expect(Math.abs(deviation - 1)).toBeLessThan(0.04)
    expect(Math.abs(skewness)).toBeLessThan(0.12)
    expect(Math.abs(excess)).toBeLessThan(0.25)
  })

  test('has its quantiles', async () => {
    const values = [...(await randomNormal(key(4), [count]).data())].sort((a, b) => a - b)
    const quantiles = { 0.025: -1.96, 0.1587: -1, 0.5: 0, 0.8413: 1, 0.975: 1.96 }
    for (const [share, expected] of Object.entries(quantiles)) {
      const value = values[Math.floor(Number(share) * count)] ?? Number.NaN
      expect(Math.abs(value - expected)).toBeLessThan(0.12)
    }
  })

  test('is scaled and moved', async () => {
    const [plain, scaled] = await Promise.all([
      randomNormal(key(5), [50]).data(),
      randomNormal(key(5), [50], { mean: 10, standardDeviation: 0.5 }).data(),
    ])
    scaled.forEach((value, i) => {
      expect(value).toBeCloseTo(10 + 0.5 * (plain[i] ?? Number.NaN), 5)
    })
  })

  test('is finite and the same each time', async () => {
    const draw = async () => [...(await randomNormal(key(6), [count]).data())]
    const values = await draw()
    expect(values.every(Number.isFinite)).toBe(true)
    expect(await draw()).toEqual(values)
  })
})

describe('truncatedNormal', () => {
  test('stays within two standard deviations', async () => {
    const { least, greatest } = await momentsOf(truncatedNormal(key(1), [20_000]))
    expect(least).toBeGreaterThanOrEqual(-2)
    expect(greatest).toBeLessThanOrEqual(2)
    expect(greatest - least).toBeGreaterThan(3.98)
  })

  test('has the deviation of what is kept', async () => {
    const options = { mean: 3, standardDeviation: 2 }
    const { mean, deviation } = await momentsOf(truncatedNormal(key(2), [count], options))
    expect(Math.abs(mean - 3)).toBeLessThan(0.1)
    expect(Math.abs(deviation - 2 * 0.8796)).toBeLessThan(0.06)
  })
})
