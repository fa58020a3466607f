import { describe, expect, test } from 'vitest'
import { ScalarBuilder } from './builder.ts'
import { scalarFunction } from './evaluate.testing.ts'
import { power } from './power.ts'
import { errorInUlp, points, worst } from './ulp.testing.ts'

const { POSITIVE_INFINITY: infinity, NEGATIVE_INFINITY: minusInfinity, NaN: nan } = Number

function compiled(dtype: 'float32' | 'float64') {
  const s = new ScalarBuilder([])
  return scalarFunction(power(s, s.argument(dtype, 0), s.argument(dtype, 1)))
}

const float32 = compiled('float32')

describe('in float32', () => {
  test.each([
    [0.01, 3, -9, 9],
    [0.5, 2, -126, 127],
    [0.99, 1.01, -8500, 8500],
    [0.999999, 1.000001, -8e7, 8e7],
    [1e-38, 1e38, -1, 1],
    [-20, 20, -9, 9],
  ])('is within 3.5 ulp for bases in [%d, %d] and exponents in [%d, %d]', (...bounds) => {
    const [a, b, c, d] = bounds
    const exponents = (y: number) => (a < 0 ? Math.round(y) : y)
    const f = (x = 0, y = 0) => float32(x, exponents(y))
    const exact = (x = 0, y = 0) => x ** exponents(y)
    const { error, at } = worst(f, exact, points(20_000, [a, b], [c, d]))
    expect(error, `at ${at}`).toBeLessThanOrEqual(3.5)
  })

  test('takes subnormal numbers and gives them', () => {
    expect(float32(2, -149)).toBe(2 ** -149)
    expect(float32(2, -150)).toBe(0)
    expect(errorInUlp(float32(2 ** -149, 0.5), 2 ** -74.5)).toBeLessThanOrEqual(1)
    expect(errorInUlp(float32(2 ** -140, -0.875), 2 ** 122.5)).toBeLessThanOrEqual(1)
    expect(float32(2, 128)).toBe(infinity)
    expect(float32(2, 127)).toBe(2 ** 127)
  })

  // IEEE 754-2019, 9.2.1, but for the sign of zeros.
  test.each([
    [0, 0, 1],
    [nan, 0, 1],
    [infinity, 0, 1],
    [1, nan, 1],
    [1, infinity, 1],
    [-1, infinity, 1],
    [-1, minusInfinity, 1],
    [0, 2, 0],
    [0, 0.3, 0],
    [0, -2, infinity],
    [0, infinity, 0],
    [0, minusInfinity, infinity],
    [0.5, infinity, 0],
    [0.5, minusInfinity, infinity],
    [2, infinity, infinity],
    [2, minusInfinity, 0],
    [-2, infinity, infinity],
    [infinity, 0.1, infinity],
    [infinity, -0.1, 0],
    [minusInfinity, 3, minusInfinity],
    [minusInfinity, 2, infinity],
    [-2, 3, -8],
    [-2, 2, 4],
    [-2, 0.5, nan],
    [nan, 1, nan],
    [2, nan, nan],
    [0, nan, nan],
    [1.5, 1e38, infinity],
    [1.5, -1e38, 0],
    [-1.5, 1e38, infinity],
    [1, 1e38, 1],
    [-1, 16_777_215, -1],
    [3, 1, 3],
    [7, 2, 49],
  ])('%d^%d is %d', (a, b, wanted) => {
    expect(float32(a, b)).toBe(wanted)
    expect(compiled('float64')(a, b)).toBe(wanted)
  })
})

test('in float64 it is accurate to some units in the last place of that', () => {
  const float64 = compiled('float64')
  const check = (a: number, b: number) => {
    const wanted = a ** b
    if (wanted < 2 ** -1021 || wanted === infinity) return
    expect(Math.abs(float64(a, b) / wanted - 1), `at ${a}, ${b}`).toBeLessThanOrEqual(6e-15)
  }
  for (const [a = 0, b = 0] of points(3000, [0, 3], [-600, 600])) check(a, b)
  for (const [a = 0, b = 0] of points(3000, [0.999, 1.001], [-6e5, 6e5])) check(a, b)
  check(5e-324, 0.9)
  check(1e308, -1.01)
})
