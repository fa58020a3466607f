import { describe, expect, test } from 'vitest'
import type { LayerNormProblem } from '../../problems/rows.ts'
import { layerNormProblem } from '../rows.ts'
import { sumOfSlopes } from './central-difference.testing.ts'
import { layerNormResults, layerNormRow, softmaxRow } from './rows.ts'

test('softmaxRow takes the odds of its own row', () => {
  const x = Float32Array.of(5, 5, 5, Math.log(1), Math.log(2), Math.log(5))
  const [a = 0, b = 0, c = 0] = softmaxRow({ rows: 2, columns: 3, x }, 1)
  expect([a, b, c].map((value) => value * 8)).toEqual([1, 2, 5].map((n) => expect.closeTo(n, 6)))
})

describe('layerNormResults', () => {
  const problem = layerNormProblem(3, 4)
  const { x, gamma, beta } = problem
  const size = 3 * 4
  const lossAt = (weights: Pick<LayerNormProblem, 'x' | 'gamma' | 'beta'>) =>
    layerNormResults({ ...problem, ...weights })
      .subarray(0, size)
      .reduce((sum, y, i) => sum + y * (problem.dy[i] ?? 0), 0)

  test('have rows of mean 0 and variance 1 before scale and shift', () => {
    const { columns } = problem
    const y = layerNormResults({ ...problem, epsilon: 0 }).subarray(columns, 2 * columns)
    const normal = Array.from(y, (value, j) => (value - (beta[j] ?? 0)) / (gamma[j] ?? 1))
    expect(normal.reduce((a, b) => a + b)).toBeCloseTo(0, 12)
    expect(normal.reduce((a, b) => a + b * b, 0)).toBeCloseTo(columns, 12)
  })

  test('are row by row what layerNormRow gives', () => {
    const rows = [0, 1, 2].flatMap((row) => Array.from(layerNormRow(problem, row)))
    expect(rows).toEqual(Array.from(layerNormResults(problem).subarray(0, size)))
  })

  test.each([
    ['x', size, 2 * size],
    ['gamma', 2 * size, 2 * size + 4],
    ['beta', 2 * size + 4, 2 * size + 8],
  ] as const)('have the gradient by %s', (name, start, end) => {
    const squared = layerNormResults(problem)
      .subarray(start, end)
      .reduce((sum, slope) => sum + slope ** 2, 0)
    const measured = sumOfSlopes(lossAt, { x, gamma, beta }, [name], (slope) => slope ** 2)
    expect(measured / squared).toBeCloseTo(1, 3)
  })
})
