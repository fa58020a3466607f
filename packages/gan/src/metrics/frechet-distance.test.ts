import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  key,
  ones,
  randomNormal,
  ShapeError,
  setBackend,
  tensor,
} from '@tensorweft/core'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { crossProducts, type Matrix, nuclearNorm, triangularFactor } from './dense-matrix.ts'
import { frechetDistance } from './frechet-distance.ts'

// The same cases in every run; under TENSORWEFT_FULL=1 many more, by a new seed each time.
fc.configureGlobal(process.env.TENSORWEFT_FULL === '1' ? { numRuns: 10_000 } : { seed: 1 })

beforeAll(() => setBackend(cpu()))

describe('frechetDistance', () => {
  test('of equal sets is 0', async () => {
    const a = randomNormal(key(1), [100, 16])
    expect(await frechetDistance(a, a)).toBeLessThan(1e-11)
    expect(await frechetDistance(a, a.slice([20, 0], [80, 16]))).toBeGreaterThan(0.1)
  })

  test('of shifted sets is the square of the shift', async () => {
    const a = randomNormal(key(2), [50, 3])
    const shift = tensor([1, -2, 0.5])
    expect(await frechetDistance(a, a.add(shift))).toBeCloseTo(5.25, 5)
  })

  test('of independent features is the sum over them, with (σ₁ − σ₂)²', async () => {
    // All combinations of ±1: covariances are exactly diagonal, 8 / 7 times the squares.
    const signs = Array.from({ length: 8 }, (_, i) =>
      [0, 1, 2].map((bit) => ((i >> bit) & 1) * 2 - 1),
    )
    const a = tensor(signs).mul(tensor([1, 2, 3]))
    const b = tensor(signs)
      .mul(tensor([4, 2, 1]))
      .add(tensor([0, 0, 1]))
    const wanted = (8 / 7) * ((1 - 4) ** 2 + (3 - 1) ** 2) + 1
    expect(await frechetDistance(a, b)).toBeCloseTo(wanted, 9)
    expect(await frechetDistance(b, a)).toBeCloseTo(wanted, 9)
    // A rotation of both changes nothing.
    const turn = tensor([
      [0.6, 0.8, 0],
      [-0.8, 0.6, 0],
      [0, 0, 1],
    ])
    expect(await frechetDistance(a.matmul(turn), b.matmul(turn))).toBeCloseTo(wanted, 4)
  })

  test('of covariances that do not commute is that of their closed form in two dimensions', async () => {
    const a = tensor([
      [2, 0],
      [-2, 0],
      [0, 1],
      [0, -1],
    ])
    const b = tensor([
      [1, 1],
      [-1, -1],
      [3, 2],
      [-3, -2],
    ])
    const covariance = (points: number[][]) => {
      const sum = (f: (p: number[]) => number) => points.reduce((s, p) => s + f(p), 0) / 3
      const of = (i: number, j: number) => sum((p) => (p[i] ?? 0) * (p[j] ?? 0))
      return [of(0, 0), of(0, 1), of(1, 1)] as const
    }
    const [p, q, r] = covariance((await a.array()) as number[][])
    const [s, t, u] = covariance((await b.array()) as number[][])
    // tr √M = √(tr M + 2 √det M) for a 2 × 2 matrix M with positive eigenvalues.
    const traceOfProduct = p * s + 2 * q * t + r * u
    const determinant = (p * r - q * q) * (s * u - t * t)
    const wanted = p + r + s + u - 2 * Math.sqrt(traceOfProduct + 2 * Math.sqrt(determinant))
    expect(await frechetDistance(a, b)).toBeCloseTo(wanted, 10)
  })

  test('is exact where covariances are singular', async () => {
    // Points on a line have the covariance s² u uᵀ, and √(Σ₁ Σ₂) the trace s₁ s₂ |u · v|.
    const onLine = (direction: readonly number[], s: number) =>
      tensor([-1, 0, 1].map((k) => direction.map((x) => x * s * k)))
    const [a, b] = [onLine([0.75, 0.5, 0], 2), onLine([0, 0.25, 1], 4)]
    const [u, v] = [0.75 ** 2 + 0.5 ** 2, 0.25 ** 2 + 1].map(Math.sqrt)
    const [s, t] = [2 * (u ?? 0), 4 * (v ?? 0)]
    expect(await frechetDistance(a, b)).toBeCloseTo(s ** 2 + t ** 2 - 2 * (2 * 4 * 0.125), 12)
    expect(await frechetDistance(onLine([1, 0], 2), onLine([0, 1], 3))).toBeCloseTo(13, 12)
    // Twice the features: the same directions, (2 − 1)² times mean and variance, with 20 samples of 64.
    const [samples, features] = [20, 64]
    const wide = randomNormal(key(5), [samples, features])
    const values = Float64Array.from(await wide.data())
    const column = (j: number) => values.filter((_, i) => i % features === j)
    const sum = (all: Float64Array) => all.reduce((total, x) => total + x, 0)
    const wanted = Array.from({ length: features }, (_, j) => {
      const mean = sum(column(j)) / samples
      return mean ** 2 + sum(column(j).map((x) => (x - mean) ** 2)) / (samples - 1)
    }).reduce((total, x) => total + x)
    expect(await frechetDistance(wide, wide.mul(2))).toBeCloseTo(wanted, 10)
    expect(await frechetDistance(wide, wide)).toBeLessThan(1e-11)
  })

  test('is finite where features are constant, or more than samples', async () => {
    const a = ones([4, 3])
    expect(await frechetDistance(a, a.mul(2))).toBeCloseTo(3, 10)
    const [x, y] = [randomNormal(key(3), [4, 20]), randomNormal(key(4), [5, 20])]
    expect(await frechetDistance(x, y)).toBeGreaterThan(1)
  })

  test.each([
    [[[1, 2]], ones([2, 2]), ArgumentError, 'frechetDistance: a [[1, 2]]; wanted a tensor'],
    [ones([2, 2]), ones([2, 3]), ShapeError, 'a is [2, 2] and b is [2, 3]; wanted [samples, feat'],
    [ones([1, 2]), ones([2, 2]), ShapeError, 'a is [1, 2]'],
    [ones([4]), ones([4]), ShapeError, 'a is [4] and b is [4]'],
    [ones([2, 2]), ones([2, 2]).div(0), ArgumentError, 'b with NaN or Infinity; wanted finite'],
  ])('refuses %o and %o', async (a, b, kind, message) => {
    const refused = frechetDistance(a as never, b)
    await expect(refused).rejects.toThrow(kind)
    await expect(refused).rejects.toThrow(message)
  })
})

describe('dense matrices', () => {
  const matrices = fc
    .record({ rows: fc.integer({ min: 1, max: 7 }), columns: fc.integer({ min: 1, max: 7 }) })
    .chain(({ rows, columns }) => {
      const entry = fc.oneof(fc.constant(0), fc.double({ min: -10, max: 10, noNaN: true }))
      const entries = fc.array(entry, { minLength: rows * columns, maxLength: rows * columns })
      return entries.map((all) => ({ rows, columns, values: Float64Array.from(all) }))
    })
  const transposed = ({ rows, columns, values }: Matrix): Matrix => ({
    rows: columns,
    columns: rows,
    values: values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)] ?? 0),
  })
  /** Aᵀ A. */
  const gramOf = (a: Matrix) => crossProducts(transposed(a), transposed(a))

  test('have triangular factors with the same products, of dependent columns too', () => {
    fc.assert(
      fc.property(matrices, (a) => {
        const factor = triangularFactor(a)
        factor.values.forEach((value, i) => {
          if (Math.floor(i / a.columns) > i % a.columns) expect(value).toBe(0)
        })
        const wanted = gramOf(a).values
        gramOf(factor).values.forEach((value, i) => {
          expect(Math.abs(value - (wanted[i] ?? Number.NaN))).toBeLessThan(1e-11)
        })
      }),
    )
  })

  test('have the singular values of their transposes, whose squares sum to those of the entries', () => {
    fc.assert(
      fc.property(matrices, (a) => {
        const norm = nuclearNorm(a)
        expect(Math.abs(norm - nuclearNorm(transposed(a)))).toBeLessThan(1e-12 * (1 + norm))
        const frobenius = Math.sqrt(a.values.reduce((sum, value) => sum + value * value, 0))
        // Squares of lengths below 1e-145 lose bits, here as well as in what is tested.
        const lost = 1e-145
        expect(norm).toBeGreaterThanOrEqual(frobenius * (1 - 1e-12) - lost)
        const rank = Math.min(a.rows, a.columns)
        expect(norm).toBeLessThanOrEqual(Math.sqrt(rank) * frobenius * (1 + 1e-12) + lost)
      }),
    )
  })

  test('have the sum of singular values of their closed form in two dimensions', () => {
    // (σ₁ + σ₂)² = Σ a² + 2 |det|
    const entries = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), {
      minLength: 4,
      maxLength: 4,
    })
    fc.assert(
      fc.property(entries, ([p = 0, q = 0, r = 0, s = 0]) => {
        const norm = nuclearNorm({ rows: 2, columns: 2, values: Float64Array.of(p, q, r, s) })
        const squares = p * p + q * q + r * r + s * s
        expect(norm ** 2).toBeCloseTo(squares + 2 * Math.abs(p * s - q * r), 10)
      }),
    )
  })
})
