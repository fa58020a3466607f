import { describe, expect, test } from 'vitest'
import { arccosine, arcsine, arctangent, arctangent2 } from './arctangent.ts'
import { ScalarBuilder } from './builder.ts'
import { scalarFunction } from './evaluate.testing.ts'
import type { Scalar } from './scalar.ts'
import { errorInUlp, points, sweep, worst } from './ulp.testing.ts'

const { POSITIVE_INFINITY: infinity, NaN: nan } = Number

function compiled(
  f: (s: ScalarBuilder, ...args: [Scalar, Scalar]) => Scalar,
  dtype: 'float32' | 'float64' = 'float32',
) {
  const s = new ScalarBuilder(['exp', 'log', 'log1p', 'expm1', 'tanh', 'cos'])
  return scalarFunction(f(s, s.argument(dtype, 0), s.argument(dtype, 1)))
}

const functions = [
  ['arctangent', arctangent, Math.atan, 3.4e38],
  ['arcsine', arcsine, Math.asin, 1],
  ['arccosine', arccosine, Math.acos, 1],
] as const

describe.each(functions)('%s', (_, f, exact, limit) => {
  test('is within 3 ulp in float32', () => {
    const { error, at } = worst(compiled(f), exact, sweep(limit))
    expect(error, `at ${at}`).toBeLessThanOrEqual(3)
  })

  test('is as accurate as float64', () => {
    const float64 = compiled(f, 'float64')
    for (const [x = 0] of points(2000, [-1, 1])) {
      expect(Math.abs(float64(x) - exact(x))).toBeLessThanOrEqual(6e-16 * Math.abs(exact(x)))
    }
  })

  test('has the ends and NaN', () => {
    const float32 = compiled(f)
    for (const x of [1, -1, 1.5, -1.5, infinity, -infinity, nan, 0]) {
      expect(errorInUlp(float32(x), exact(x)), `at ${x}`).toBeLessThanOrEqual(1)
    }
  })
})

describe('arctangent2', () => {
  test('is within 3 ulp in every quadrant', () => {
    const { error, at } = worst(compiled(arctangent2), Math.atan2, points(20_000, [-3, 3], [-3, 3]))
    expect(error, `at ${at}`).toBeLessThanOrEqual(3)
  })

  const size = [0, 1e-45, 1e-38, 1e-20, 1, 3, 1e20, 3e38, infinity]
  const extremes = size.flatMap((y) =>
    size.flatMap((x) => [
      [y, x],
      [-y, x],
      [y, -x],
      [-y, -x],
    ]),
  )

  test('neither overflows nor loses its way at the extremes', () => {
    // A zero has no sign here; of numbers, 0 − (−0) is 0.
    const exact = (y = 0, x = 0) => Math.atan2(y + 0, x + 0)
    const f = compiled(arctangent2)
    for (const [y = 0, x = 0] of extremes) {
      const wanted = exact(Math.fround(y), Math.fround(x))
      const bound = 3e-7 * Math.abs(wanted) + 1e-45
      expect(Math.abs(f(y, x) - wanted), `at ${y}, ${x}`).toBeLessThanOrEqual(bound)
    }
  })

  test('is NaN where either is', () => {
    const f = compiled(arctangent2)
    expect([f(nan, 1), f(1, nan), f(nan, infinity), f(infinity, nan)]).toEqual([nan, nan, nan, nan])
  })
})
