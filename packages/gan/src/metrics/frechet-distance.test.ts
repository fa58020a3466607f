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
import { frechetDistance } from './frechet-distance.ts'
import { eigenOf, product, squareRoot } from './symmetric-matrix.ts'

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
  ])('refuses %o and %o', async (a, b, kind, message) => {
    const refused = frechetDistance(a as never, b)
    await expect(refused).rejects.toThrow(kind)
    await expect(refused).rejects.toThrow(message)
  })
})

describe('symmetric matrices', () => {
  const matrices = fc.integer({ min: 1, max: 8 }).chain((size) => {
    const entry = fc.double({ min: -10, max: 10, noNaN: true })
    return fc.array(entry, { minLength: size * size, maxLength: size * size }).map((entries) => {
      const a = { size, values: Float64Array.from(entries) }
      const transposed = entries.map(
        (_, i) => entries[(i % size) * size + Math.floor(i / size)] ?? 0,
      )
      return { square: product(a, { size, values: Float64Array.from(transposed) }) }
    })
  })

  test('are what their eigenvalues and eigenvectors make', () => {
    fc.assert(
      fc.property(matrices, ({ square }) => {
        const { values, vectors } = eigenOf(square)
        const { size } = square
        const image = product(square, vectors)
        image.values.forEach((value, i) => {
          expect(value).toBeCloseTo((vectors.values[i] ?? 0) * (values[i % size] ?? 0), 8)
        })
      }),
    )
  })

  test('have roots whose squares they are', () => {
    fc.assert(
      fc.property(matrices, ({ square }) => {
        const root = squareRoot(square)
        product(root, root).values.forEach((value, i) => {
          expect(value).toBeCloseTo(square.values[i] ?? Number.NaN, 7)
        })
      }),
    )
  })
})
