import type { CallsProblem } from '../problems/calls.ts'
import { contend } from '../subject.ts'
import { type BenchCase, type CaseFamily, singleCase } from './bench-case.ts'

const exact = { relative: 0, absolute: 0 }

/** The cost of a call itself, in the program's thread; what it starts is not waited for. */
export const callFamilies: readonly CaseFamily[] = [
  singleCase(opOverheadCase()),
  singleCase(compiledOverheadCase()),
]

/** Whole numbers, so that sums stay exact. */
export function callsProblem(calls: number): CallsProblem {
  return { a: Float32Array.of(1, 2, 3, 4), b: Float32Array.of(4, 3, 2, 1), calls }
}

/** What `compiledCalls` returns last in each of the first `steps` steps. */
export function compiledCallsResults({ a, b, calls }: CallsProblem, steps: number): number[] {
  return Array.from({ length: steps }, (_, step) => {
    const callsBefore = (step + 1) * calls - 1
    return Array.from(a, (first, i) => 2 * (first + callsBefore * (b[i] ?? 0)))
  }).flat()
}

function opOverheadCase(): BenchCase {
  const calls = 1000
  return {
    name: 'op-overhead',
    summary: `one call of add on two small tensors, result not read (${calls} calls a run)`,
    callsPerStep: calls,
    checkSteps: 1,
    tolerance: exact,
    async prepare(subjects) {
      const problem = callsProblem(calls)
      const contest = await contend(subjects, (subject) => subject.eagerCalls(problem))
      return { ...contest, expected: Array.from(problem.a, (a, i) => a + (problem.b[i] ?? 0)) }
    },
  }
}

function compiledOverheadCase(): BenchCase {
  const [calls, checkSteps] = [100, 3]
  return {
    name: 'compiled-overhead',
    summary: `one call of a compiled step on small arrays, result not read (${calls} calls a run)`,
    callsPerStep: calls,
    checkSteps,
    tolerance: exact,
    // What the calls enqueue runs outside the timing and may take many times as long.
    limits: { budgetMs: 500 },
    async prepare(subjects) {
      const problem = callsProblem(calls)
      const contest = await contend(subjects, (subject) => subject.compiledCalls(problem))
      return { ...contest, expected: compiledCallsResults(problem, checkSteps) }
    },
  }
}
