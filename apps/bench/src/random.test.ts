import { describe, expect, test } from 'vitest'
import { integers, seededRandom, truncatedNormal, uniform } from './random.ts'

describe('seededRandom', () => {
  test('repeats itself with the same seed only', () => {
    const draw = (seed: number) => [...uniform(seededRandom(seed), 8, 0, 1)]
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
  })

  test('fills its interval evenly', () => {
    const values = uniform(seededRandom(1), 20_000, -1, 3)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-1)
    expect(Math.max(...values)).toBeLessThanOrEqual(3)
    expect(mean(values)).toBeCloseTo(1, 1)
  })
})

test('truncatedNormal stays within two standard deviations', () => {
  const values = truncatedNormal(seededRandom(2), 20_000, 0.1)
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.2)
  expect(mean(values)).toBeCloseTo(0, 2)
  // Cutting at two standard deviations leaves 0.774 of the variance.
  expect(mean(values.map((value) => value * value))).toBeCloseTo(0.00774, 3)
})

test('integers cover 0 to limit − 1', () => {
  expect(new Set(integers(seededRandom(3), 1000, 10))).toEqual(new Set([...Array(10).keys()]))
})

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
