import { describe, expect, test } from 'vitest'
import type { MlpProblem, MlpWeights } from '../problems.ts'
import { mlpProblem } from './mlp.ts'
import { referenceLosses } from './mlp-reference.ts'

const sizes = { batch: 6, inputs: 5, hidden: 4, outputs: 3 }
const still: MlpProblem['update'] = { rule: 'sgd', learningRate: 0 }

function lossAt(problem: MlpProblem, weights: MlpWeights): number {
  const [loss] = referenceLosses({ ...problem, weights, update: still }, 1)
  return loss ?? Number.NaN
}

describe('referenceLosses', () => {
  test('starts from the loss of equal odds where all weights are zero', () => {
    const problem = mlpProblem(sizes, still)
    const weights = { ...problem.weights, w2: new Float32Array(12) }
    expect(lossAt(problem, weights)).toBeCloseTo(Math.log(3), 12)
  })

  test('falls, by as much as the squared gradient says, after a small step', () => {
    const problem = mlpProblem(sizes, { rule: 'sgd', learningRate: 1e-4 })
    const [before = 0, after = 0] = referenceLosses(problem, 2)
    const names = ['w1', 'b1', 'w2', 'b2'] as const
    const squared = names
      .flatMap((name) => Array.from(problem.weights[name], (_, i) => slope(problem, name, i) ** 2))
      .reduce((sum, value) => sum + value)
    expect(before - after).toBeGreaterThan(0)
    expect((before - after) / (1e-4 * squared)).toBeCloseTo(1, 2)
  })

  test('takes a first Adam step of the learning rate in the direction of the sign', () => {
    const rule = { rule: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-12 } as const
    const problem = mlpProblem(sizes, { ...rule, learningRate: 1e-6 })
    const [before = 0, after = 0] = referenceLosses(problem, 2)
    const names = ['w1', 'b1', 'w2', 'b2'] as const
    const absolute = names
      .flatMap((name) =>
        Array.from(problem.weights[name], (_, i) => Math.abs(slope(problem, name, i))),
      )
      .reduce((sum, value) => sum + value)
    expect((before - after) / (1e-6 * absolute)).toBeCloseTo(1, 2)
  })
})

/** Central difference of the loss by one weight. */
function slope(problem: MlpProblem, name: keyof MlpWeights, i: number): number {
  const nudge = 2 ** -10
  const at = (sign: number) => {
    const values = problem.weights[name]
    const nudged = values.with(i, (values[i] ?? 0) + sign * nudge)
    // float32 rounds the sum: divide by the step that was really made.
    return { loss: lossAt(problem, { ...problem.weights, [name]: nudged }), value: nudged[i] ?? 0 }
  }
  const [low, high] = [at(-1), at(1)]
  return (high.loss - low.loss) / (high.value - low.value)
}
