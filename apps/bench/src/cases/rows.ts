import type { LayerNormProblem, RowsProblem } from '../problems/rows.ts'
import { integers, seededRandom, uniform } from '../random.ts'
import { contend } from '../subject.ts'
import { type BenchCase, type CaseFamily, singleCase } from './bench-case.ts'
import { layerNormResults, softmaxRow } from './reference/rows.ts'
import { sampleResult } from './sample-result.ts'

const sampleCount = 256

/** `softmax-rows`, and `layernorm-rows` with its gradient. */
export const rowsFamilies: readonly CaseFamily[] = [
  singleCase(softmaxCase(4096, 1000)),
  singleCase(layerNormCase(4096, 1024)),
]

export function softmaxProblem(rows: number, columns: number): RowsProblem {
  return { rows, columns, x: uniform(seededRandom(20), rows * columns, -8, 8) }
}

/** Columns with different scales and shifts, so that none of the gradients is alike. */
export function layerNormProblem(rows: number, columns: number): LayerNormProblem {
  const random = seededRandom(21)
  return {
    rows,
    columns,
    x: uniform(random, rows * columns, -1, 3),
    gamma: uniform(random, columns, 0.5, 1.5),
    beta: uniform(random, columns, -1, 1),
    dy: uniform(random, rows * columns, -1, 1),
    epsilon: 1e-3,
  }
}

function softmaxCase(rows: number, columns: number): BenchCase {
  return {
    name: 'softmax-rows',
    summary: `softmax over each row of [${rows}, ${columns}]`,
    checkSteps: 1,
    tolerance: { relative: 1e-5, absolute: 1e-9 },
    async prepare(subjects) {
      const problem = softmaxProblem(rows, columns)
      const places = integers(seededRandom(22), sampleCount, rows * columns)
      const contest = await contend(subjects, (subject) => subject.softmax(problem))
      return {
        ...contest,
        contenders: contest.contenders.map((contender) =>
          sampleResult(contender, rows * columns, places),
        ),
        expected: Array.from(places, (place) => {
          const row = softmaxRow(problem, Math.floor(place / columns))
          return row[place % columns] ?? Number.NaN
        }),
      }
    },
  }
}

function layerNormCase(rows: number, columns: number): BenchCase {
  const length = 2 * rows * columns + 2 * columns
  return {
    name: 'layernorm-rows',
    summary: `layer norm of each row of [${rows}, ${columns}] and its gradients by x, gamma, beta`,
    checkSteps: 1,
    // The gradients by gamma and beta are sums over all rows.
    tolerance: { relative: 1e-4, absolute: 1e-7 * rows },
    async prepare(subjects) {
      const problem = layerNormProblem(rows, columns)
      const random = seededRandom(23)
      const places = Int32Array.from([
        ...integers(random, 2 * sampleCount, 2 * rows * columns),
        ...integers(random, sampleCount, 2 * columns).map((place) => place + 2 * rows * columns),
      ])
      const results = layerNormResults(problem)
      const contest = await contend(subjects, (subject) => subject.layerNormGradient(problem))
      return {
        ...contest,
        contenders: contest.contenders.map((contender) => sampleResult(contender, length, places)),
        expected: Array.from(places, (place) => results[place] ?? Number.NaN),
      }
    },
  }
}
