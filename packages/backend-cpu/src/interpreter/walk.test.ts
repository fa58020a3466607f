import { expect, test } from 'vitest'
import { Random } from '../plans.testing.ts'
import { createSpace } from './space.ts'
import { Walk } from './walk.ts'

/** The values of affine functions at a point of a space, by division. */
function valuesAt(
  point: number,
  sizes: readonly number[],
  functions: readonly { constant: number; coefficients: readonly number[] }[],
): number[] {
  const counters: number[] = []
  let rest = point
  for (const size of [...sizes].reverse()) {
    counters.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return functions.map(({ constant, coefficients }) =>
    coefficients.reduce((sum, coefficient, k) => sum + coefficient * (counters[k] ?? 0), constant),
  )
}

test('a walk visits every point, from any start', () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = new Random(seed)
    const sizes = Array.from({ length: random.integer(0, 4) }, () => random.integer(1, 5))
    const space = createSpace(
      sizes,
      sizes.map((_, axis) => axis),
    )
    const functions = [0, 1].map(() => ({
      constant: random.integer(-5, 5),
      coefficients: sizes.map(() => random.integer(-2, 5)),
    }))
    const walk = new Walk(space, functions)
    let point = random.integer(0, space.size - 1)
    walk.seek(point)
    while (point < space.size) {
      const n = Math.min(walk.remaining, random.integer(1, 4), space.size - point)
      for (let k = 0; k < n; k++) {
        const got = [0, 1].map((f) => (walk.values[f] ?? 0) + k * (walk.strides[f] ?? 0))
        expect(got).toEqual(valuesAt(point + k, sizes, functions))
      }
      walk.advance(n)
      point += n
    }
  }
})

test('axes merge where all functions allow it', () => {
  const space = createSpace([2, 1, 3, 4], [0, 1, 2, 3])
  const rowMajor = { constant: 0, coefficients: [12, 99, 4, 1] }
  const inner = { constant: 0, coefficients: [0, 0, 0, 1] }
  expect(new Walk(space, [rowMajor]).isRun).toBe(true)
  expect(new Walk(space, [rowMajor, inner]).isRun).toBe(false)
  expect(new Walk(space, [{ constant: 7, coefficients: [0, 5, 0, 0] }]).strides).toEqual([0])
})
