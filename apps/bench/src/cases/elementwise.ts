import type { ElementwiseOp, ElementwiseProblem } from '../problems/elementwise.ts'
import { integers, seededRandom, uniform } from '../random.ts'
import { contend } from '../subject.ts'
import { type BenchCase, type CaseFamily, singleCase, sizedFamily } from './bench-case.ts'
import { sampleResult } from './sample-result.ts'

const usualLength = 2 ** 22
const sampleCount = 256

/** Nothing but arithmetic: memory is the limit. */
const arithmetic: readonly ElementwiseOp[] = [
  { op: 'mul', number: 1.5 },
  { op: 'add', number: 0.5 },
  { op: 'relu' },
  { op: 'square' },
  { op: 'sub', number: 0.75 },
  { op: 'abs' },
  { op: 'mul', number: 0.5 },
  { op: 'neg' },
  { op: 'add', number: 1 },
  { op: 'square' },
]

const functions: readonly ElementwiseOp[] = [
  { op: 'mul', number: 1.5 },
  { op: 'tanh' },
  { op: 'square' },
  { op: 'add', number: 0.25 },
  { op: 'sqrt' },
  { op: 'neg' },
  { op: 'exp' },
  { op: 'sub', number: 0.5 },
  { op: 'mul', number: 4 },
  { op: 'sigmoid' },
]

/** Ten ops, one after the other, on 4 M floats, or on as many as the name says. */
export const elementwiseFamilies: readonly CaseFamily[] = [
  singleCase(chainCase('elementwise', usualLength, arithmetic)),
  singleCase(chainCase('elementwise-math', usualLength, functions)),
  sizedFamily('elementwise-N', (name, length = 1) => chainCase(name, length, arithmetic)),
]

/** Values between −2 and 2 that go through the chain. */
export function elementwiseProblem(
  length: number,
  ops: readonly ElementwiseOp[],
): ElementwiseProblem {
  return { values: uniform(seededRandom(10), length, -2, 2), ops }
}

/** What the chain makes of one value, in float64. */
export function chainValue(value: number, ops: readonly ElementwiseOp[]): number {
  return ops.reduce(apply, value)
}

function chainCase(name: string, length: number, ops: readonly ElementwiseOp[]): BenchCase {
  return {
    name,
    summary: `${ops.map(({ op }) => op).join(', ')} on ${length} floats`,
    bytes: 2 * 4 * length,
    checkSteps: 1,
    tolerance: { relative: 1e-5, absolute: 1e-6 },
    async prepare(subjects) {
      const problem = elementwiseProblem(length, ops)
      const places = integers(seededRandom(11), sampleCount, length)
      const { contenders, absentees } = await contend(subjects, (subject) =>
        subject.elementwise(problem),
      )
      return {
        contenders: contenders.map((contender) => sampleResult(contender, length, places)),
        absentees,
        expected: Array.from(places, (place) => chainValue(problem.values[place] ?? 0, ops)),
      }
    },
  }
}

function apply(x: number, step: ElementwiseOp): number {
  switch (step.op) {
    case 'add':
      return x + step.number
    case 'sub':
      return x - step.number
    case 'mul':
      return x * step.number
    case 'relu':
      return Math.max(x, 0)
    case 'neg':
      return -x
    case 'square':
      return x * x
    case 'sigmoid':
      return 1 / (1 + Math.exp(-x))
    default:
      return Math[step.op](x)
  }
}
