import { describe, expect, test } from 'vitest'
import { ScalarBuilder } from './builder.ts'
import { complementaryErrorFunction, errorFunction } from './error-function.ts'
import { scalarFunction } from './evaluate.testing.ts'
import { errorInUlp, points, sweep, worst } from './ulp.testing.ts'

const { POSITIVE_INFINITY: infinity, NaN: nan } = Number

function compiled(f: typeof errorFunction, dtype: 'float32' | 'float64' = 'float32') {
  const s = new ScalarBuilder(['exp'])
  return scalarFunction(f(s, s.argument(dtype, 0)))
}

/** Taylor series of erf, for |x| ≤ 1.5. */
function series(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

/** The continued fraction of erfc, for x ≥ 1, with x² in two parts. */
function fraction(x: number): number {
  let rest = 0
  for (let n = 300; n > 0; n--) rest = n / 2 / (x + rest)
  const high = Math.fround(x)
  const gaussian = Math.exp(-high * high) * Math.exp((high - x) * (high + x))
  return gaussian / (Math.sqrt(Math.PI) * (x + rest))
}

const exactErf = (x = 0) =>
  Math.abs(x) < 1.5 ? series(x) : Math.sign(x) * (1 - fraction(Math.abs(x)))

function exactErfc(x = 0): number {
  if (x < 0) return 2 - exactErfc(-x)
  return x < 1 ? 1 - series(x) : fraction(x)
}

// By a computation with 40 digits.
const values = [
  [1e-9, 1.1283791670955127e-9, 0.9999999988716208],
  [0.3, 0.3286267594591274, 0.6713732405408726],
  [1.1, 0.8802050695740817, 0.11979493042591827],
  [2.7, 0.9998656672600594, 0.0001343327399405242],
  [5.5, 0.9999999999999927, 7.357847917974398e-15],
  [11, 1, 1.4408661379436948e-54],
  [25, 1, 8.300172571196523e-274],
  [-1.3, -0.9340079449406524, 1.9340079449406524],
] as const

describe('erf', () => {
  test('is within 1.5 ulp in float32', () => {
    const { error, at } = worst(compiled(errorFunction), exactErf, sweep(6))
    expect(error, `at ${at}`).toBeLessThanOrEqual(1.5)
  })

  test('is as accurate as float64', () => {
    const f = compiled(errorFunction, 'float64')
    for (const [x, wanted] of values) {
      expect(Math.abs(f(x) / wanted - 1), `at ${x}`).toBeLessThanOrEqual(3e-16)
    }
  })

  test('has its limits', () => {
    const f = compiled(errorFunction)
    expect([infinity, -infinity, 1e30, -1e30, nan].map((x) => f(x))).toEqual([1, -1, 1, -1, nan])
  })
})

describe('erfc', () => {
  test('is within 5 ulp in float32, down to the least normal number', () => {
    const near = worst(compiled(complementaryErrorFunction), exactErfc, sweep(9.19))
    expect(near.error, `at ${near.at}`).toBeLessThanOrEqual(5)
    const far = worst(compiled(complementaryErrorFunction), exactErfc, points(20_000, [0, 9.19]))
    expect(far.error, `at ${far.at}`).toBeLessThanOrEqual(5)
  })

  test('is as accurate as float64', () => {
    const f = compiled(complementaryErrorFunction, 'float64')
    for (const [x, , wanted] of values) {
      expect(Math.abs(f(x) / wanted - 1), `at ${x}`).toBeLessThanOrEqual(8e-16)
    }
  })

  test('has its limits', () => {
    const f = compiled(complementaryErrorFunction)
    expect([infinity, -infinity, 1e30, -1e30, nan].map((x) => f(x))).toEqual([0, 2, 0, 2, nan])
    expect(errorInUlp(f(10), exactErfc(10))).toBeLessThanOrEqual(1)
  })
})
