import { BenchError } from '../errors.ts'
import type { MatmulProblem } from '../problems/matmul.ts'
import { integers, seededRandom, uniform } from '../random.ts'
import { contend } from '../subject.ts'
import type { BenchCase, CaseFamily } from './bench-case.ts'
import { sampleResult } from './sample-result.ts'

/** Elements of one matrix: 1 GiB of float32. */
const maxElements = 2 ** 28
const sampleCount = 256

/** `matmul-MxKxN`: the product of [M, K] and [K, N], left where it was computed. */
export const matmulFamily: CaseFamily = {
  pattern: 'matmul-MxKxN',
  parse(name) {
    const sizes = /^matmul-(\d+)x(\d+)x(\d+)$/.exec(name)
    if (sizes === null) return undefined
    return matmulCase(name, Number(sizes[1]), Number(sizes[2]), Number(sizes[3]))
  },
}

function matmulCase(name: string, rows: number, inner: number, columns: number): BenchCase {
  const elements = [rows * inner, inner * columns, rows * columns]
  if (Math.min(...elements) === 0 || Math.max(...elements) > maxElements) {
    throw new BenchError(
      `Case '${name}': every size must be at least 1 and no matrix may exceed ${maxElements} elements.`,
    )
  }
  return {
    name,
    summary: `product of [${rows}, ${inner}] and [${inner}, ${columns}]`,
    flops: 2 * rows * inner * columns,
    checkSteps: 1,
    // Each of the K additions may round by 2⁻²⁴ of a partial sum, which itself grows with √K.
    tolerance: { relative: 1e-5, absolute: 1e-6 * inner },
    async prepare(subjects) {
      const problem = matmulProblem(rows, inner, columns)
      const places = samplePlaces(rows, columns)
      const { contenders, absentees } = await contend(subjects, (subject) =>
        subject.matmul(problem),
      )
      return {
        // The reference is worked out at some places only: a whole product would take it minutes.
        contenders: contenders.map((contender) => sampleResult(contender, rows * columns, places)),
        absentees,
        expected: sampledProduct(problem, places),
      }
    },
  }
}

function matmulProblem(rows: number, inner: number, columns: number): MatmulProblem {
  const random = seededRandom(1)
  return {
    rows,
    inner,
    columns,
    a: uniform(random, rows * inner, -1, 1),
    b: uniform(random, inner * columns, -1, 1),
  }
}

/** The four corners, where tails go wrong, and places drawn by chance. */
function samplePlaces(rows: number, columns: number): Int32Array {
  const last = rows * columns - 1
  const corners = [0, columns - 1, last - columns + 1, last]
  return Int32Array.from([...corners, ...integers(seededRandom(2), sampleCount, rows * columns)])
}

function sampledProduct({ a, b, inner, columns }: MatmulProblem, places: Int32Array): number[] {
  return Array.from(places, (place) => {
    const row = Math.floor(place / columns)
    const column = place % columns
    let sum = 0
    for (let k = 0; k < inner; k++) {
      sum += (a[row * inner + k] ?? 0) * (b[k * columns + column] ?? 0)
    }
    return sum
  })
}
