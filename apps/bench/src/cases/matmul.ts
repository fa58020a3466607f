import { BenchError } from '../errors.ts'
import type { MatmulDType, MatmulProblem } from '../problems/matmul.ts'
import { integers, seededRandom, uniform } from '../random.ts'
import { contend } from '../subject.ts'
import type { BenchCase, CaseFamily } from './bench-case.ts'
import { sampleResult } from './sample-result.ts'

/** Elements of one matrix: 1 GiB of float32. */
const maxElements = 2 ** 28
const sampleCount = 256

/**
 * `matmul-MxKxN`: the product of [M, K] and [K, N], left where it was computed; with `f16-` in
 * front of the sizes, of float16 operands.
 */
export const matmulFamily: CaseFamily = {
  pattern: 'matmul-[f16-]MxKxN',
  parse(name) {
    const parts = /^matmul-(f16-)?(\d+)x(\d+)x(\d+)$/.exec(name)
    if (parts === null) return undefined
    const [rows = 0, inner = 0, columns = 0] = parts.slice(2).map(Number)
    const precision = parts[1] === undefined ? single : half
    return matmulCase(name, { rows, inner, columns, ...precision })
  },
}

interface Precision {
  readonly dtype: MatmulDType
  /** Of rounding a result to the dtype. */
  readonly relative: number
}

const single: Precision = { dtype: 'float32', relative: 1e-5 }
const half: Precision = { dtype: 'float16', relative: 1e-3 }

type MatmulSizes = Pick<MatmulProblem, 'rows' | 'inner' | 'columns'>

function matmulCase(
  name: string,
  { rows, inner, columns, dtype, relative }: MatmulSizes & Precision,
): BenchCase {
  const elements = [rows * inner, inner * columns, rows * columns]
  if (Math.min(...elements) === 0 || Math.max(...elements) > maxElements) {
    throw new BenchError(
      `Case '${name}': every size must be at least 1 and no matrix may exceed ${maxElements} elements.`,
    )
  }
  return {
    name,
    summary: `${dtype} product of [${rows}, ${inner}] and [${inner}, ${columns}]`,
    flops: 2 * rows * inner * columns,
    checkSteps: 1,
    // Each of the K additions may round by 2⁻²⁴ of a partial sum, which itself grows with √K.
    tolerance: { relative, absolute: 1e-6 * inner },
    async prepare(subjects) {
      const problem = matmulProblem({ rows, inner, columns }, dtype)
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

function matmulProblem({ rows, inner, columns }: MatmulSizes, dtype: MatmulDType): MatmulProblem {
  const random = seededRandom(1)
  const matrix = (length: number) => {
    const values = uniform(random, length, -1, 1)
    return dtype === 'float32' ? values : elevenBits(values)
  }
  return { dtype, rows, inner, columns, a: matrix(rows * inner), b: matrix(inner * columns) }
}

/** Values up to 1 in steps of 1/1024, in place: float16 has them all. */
function elevenBits(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = Math.round((values[i] ?? 0) * 1024) / 1024
  return values
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
