import type { SumProblem } from '../problems/sum.ts'
import { seededRandom, uniform } from '../random.ts'
import { contend } from '../subject.ts'
import { type BenchCase, type CaseFamily, sizedFamily } from './bench-case.ts'

/** `sum-N`: the sum of N floats. */
export const sumFamily: CaseFamily = sizedFamily('sum-N', (name, length = 1) =>
  sumCase(name, length),
)

/** Of one sign: the error of a sum is relative to the sum of the magnitudes. */
export function sumProblem(length: number): SumProblem {
  return { values: uniform(seededRandom(12), length, 0, 1) }
}

function sumCase(name: string, length: number): BenchCase {
  return {
    name,
    summary: `sum of ${length} floats`,
    bytes: 4 * (length + 1),
    checkSteps: 1,
    // Rounding, where some hundred lanes each add up one value after the other.
    tolerance: { relative: 1e-4, absolute: 0 },
    async prepare(subjects) {
      const problem = sumProblem(length)
      const contest = await contend(subjects, (subject) => subject.sum(problem))
      return { ...contest, expected: [problem.values.reduce((sum, value) => sum + value, 0)] }
    },
  }
}
