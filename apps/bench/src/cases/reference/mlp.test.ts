import { describe, expect, test } from 'vitest'
import type { MlpWeights } from '../../problems/mlp.ts'
import type { AdamRule, SgdRule } from '../../problems/update-rule.ts'
import { mlpProblem } from '../mlp.ts'
import { sumOfSlopes } from './central-difference.testing.ts'
import { mlpLosses } from './mlp.ts'

const sizes = { batch: 6, inputs: 5, hidden: 4, outputs: 3 }
const still: SgdRule = { rule: 'sgd', learningRate: 0 }
const { weights } = mlpProblem(sizes, still)
const names = ['w1', 'b1', 'w2', 'b2'] as const

function lossAt(weights: MlpWeights): number {
  const [loss] = mlpLosses({ ...mlpProblem(sizes, still), weights }, 1)
  return loss ?? Number.NaN
}

describe('mlpLosses', () => {
  test('starts from the loss of equal odds where all weights are zero', () => {
    expect(lossAt({ ...weights, w2: new Float32Array(12) })).toBeCloseTo(Math.log(3), 12)
  })

  test('falls, by as much as the squared gradient says, after a small step', () => {
    const problem = mlpProblem(sizes, { rule: 'sgd', learningRate: 1e-4 })
    const [before = 0, after = 0] = mlpLosses(problem, 2)
    const squared = sumOfSlopes(lossAt, weights, names, (slope) => slope ** 2)
    expect(before - after).toBeGreaterThan(0)
    expect((before - after) / (1e-4 * squared)).toBeCloseTo(1, 2)
  })

  test('takes a first Adam step of the learning rate in the direction of the sign', () => {
    const rule: AdamRule = {
      rule: 'adam',
      learningRate: 1e-6,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-12,
    }
    const [before = 0, after = 0] = mlpLosses(mlpProblem(sizes, rule), 2)
    const absolute = sumOfSlopes(lossAt, weights, names, Math.abs)
    expect((before - after) / (1e-6 * absolute)).toBeCloseTo(1, 2)
  })
})
