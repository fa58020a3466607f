import type { LayerNormProblem, NormProblem, RowsProblem } from '../problems/rows.ts'
import { integers, seededRandom, uniform } from '../random.ts'
import { type Contest, contend } from '../subject.ts'
import {
  type BenchCase,
  type CaseFamily,
  type PreparedCase,
  singleCase,
  sizedFamily,
} from './bench-case.ts'
import { layerNormResults, layerNormRow, softmaxRow } from './reference/rows.ts'
import { sampleResult } from './sample-result.ts'

const sampleCount = 256
const bytesPerFloat = 4

/**
 * `softmax-rows`, and `layernorm-rows` with its gradient; `softmax-RxC` and `layernorm-RxC`, forward
 * alone.
 */
export const rowsFamilies: readonly CaseFamily[] = [
  singleCase(softmaxCase('softmax-rows', 4096, 1000)),
  singleCase(layerNormGradientCase(4096, 1024)),
  sizedFamily('softmax-RxC', (name, rows = 1, columns = 1) => softmaxCase(name, rows, columns)),
  sizedFamily('layernorm-RxC', (name, rows = 1, columns = 1) => layerNormCase(name, rows, columns)),
]

export function softmaxProblem(rows: number, columns: number): RowsProblem {
  return { rows, columns, x: uniform(seededRandom(20), rows * columns, -8, 8) }
}

/** Columns with different scales and shifts. */
export function normProblem(rows: number, columns: number): NormProblem {
  const random = seededRandom(21)
  return {
    rows,
    columns,
    x: uniform(random, rows * columns, -1, 3),
    gamma: uniform(random, columns, 0.5, 1.5),
    beta: uniform(random, columns, -1, 1),
    epsilon: 1e-3,
  }
}

/** With scales and shifts that differ, none of the gradients is alike. */
export function layerNormProblem(rows: number, columns: number): LayerNormProblem {
  return {
    ...normProblem(rows, columns),
    dy: uniform(seededRandom(24), rows * columns, -1, 1),
  }
}

function softmaxCase(name: string, rows: number, columns: number): BenchCase {
  return {
    name,
    summary: `softmax over each row of [${rows}, ${columns}]`,
    bytes: 2 * bytesPerFloat * rows * columns,
    checkSteps: 1,
    tolerance: { relative: 1e-5, absolute: 1e-9 },
    async prepare(subjects) {
      const problem = softmaxProblem(rows, columns)
      const contest = await contend(subjects, (subject) => subject.softmax(problem))
      return sampled(contest, problem, (row) => softmaxRow(problem, row))
    },
  }
}

function layerNormCase(name: string, rows: number, columns: number): BenchCase {
  return {
    name,
    summary: `layer norm of each row of [${rows}, ${columns}]`,
    bytes: 2 * bytesPerFloat * columns * (rows + 1),
    checkSteps: 1,
    tolerance: { relative: 1e-5, absolute: 1e-5 },
    async prepare(subjects) {
      const problem = normProblem(rows, columns)
      const contest = await contend(subjects, (subject) => subject.layerNorm(problem))
      return sampled(contest, problem, (row) => layerNormRow(problem, row))
    },
  }
}

/** Compared at places drawn by chance, where the reference is worked out row by row. */
function sampled(
  { contenders, absentees }: Contest,
  { rows, columns }: RowsProblem,
  rowOf: (row: number) => Float64Array,
): PreparedCase {
  const length = rows * columns
  const places = integers(seededRandom(22), sampleCount, length)
  return {
    contenders: contenders.map((contender) => sampleResult(contender, length, places)),
    absentees,
    expected: Array.from(
      places,
      (place) => rowOf(Math.floor(place / columns))[place % columns] ?? Number.NaN,
    ),
  }
}

function layerNormGradientCase(rows: number, columns: number): BenchCase {
  const length = 2 * rows * columns + 2 * columns
  return {
    name: 'layernorm-rows',
    summary: `layer norm of each row of [${rows}, ${columns}] and its gradients by x, gamma, beta`,
    bytes: 4 * bytesPerFloat * columns * (rows + 1),
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
