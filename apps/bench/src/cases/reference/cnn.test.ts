import { describe, expect, test } from 'vitest'
import type { CnnTrainingProblem, CnnWeights } from '../../problems/cnn.ts'
import type { AdamRule, UpdateRule } from '../../problems/update-rule.ts'
import { seededRandom, truncatedNormal } from '../../random.ts'
import { cnnProblem } from '../cnn.ts'
import { sumOfSlopes } from './central-difference.testing.ts'
import { cnnLogits, cnnLosses } from './cnn.ts'

const sizes = { batch: 3, height: 4, width: 8, filters1: 2, filters2: 4, outputs: 3 }
const names = ['f1', 'b1', 'f2', 'b2', 'w3', 'b3'] as const

/** With weights large enough for every layer to matter. */
function problemWith(update: UpdateRule): CnnTrainingProblem {
  const problem = cnnProblem(sizes, update)
  const random = seededRandom(5)
  const draw = (name: keyof CnnWeights) =>
    truncatedNormal(random, problem.weights[name].length, 0.5)
  const weights = {
    ...{ f1: draw('f1'), b1: draw('b1'), f2: draw('f2') },
    ...{ b2: draw('b2'), w3: draw('w3'), b3: draw('b3') },
  }
  return { ...problem, weights }
}

const still = problemWith({ rule: 'sgd', learningRate: 0 })

function lossAt(weights: CnnWeights): number {
  return cnnLosses({ ...still, weights }, 1)[0] ?? Number.NaN
}

describe('cnnLogits', () => {
  test('are the biases where the dense layer is zero', () => {
    const weights = { ...still.weights, w3: new Float32Array(still.weights.w3.length) }
    const { b3 } = weights
    expect(Array.from(cnnLogits({ ...still, weights }))).toEqual([...b3, ...b3, ...b3])
  })
})

describe('cnnLosses', () => {
  test('starts from the loss of equal odds where the logits are zero', () => {
    const [w3, b3] = [new Float32Array(still.weights.w3.length), new Float32Array(3)]
    expect(lossAt({ ...still.weights, w3, b3 })).toBeCloseTo(Math.log(3), 12)
  })

  test('falls, by as much as the squared gradient says, after a small step', () => {
    const [before = 0, after = 0] = cnnLosses(problemWith({ rule: 'sgd', learningRate: 1e-6 }), 2)
    const squared = sumOfSlopes(lossAt, still.weights, names, (slope) => slope ** 2)
    expect(before - after).toBeGreaterThan(0)
    expect((before - after) / (1e-6 * squared)).toBeCloseTo(1, 2)
  })

  test('takes a first Adam step of the learning rate in the direction of the sign', () => {
    const rule: AdamRule = {
      rule: 'adam',
      learningRate: 1e-7,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-12,
    }
    const [before = 0, after = 0] = cnnLosses(problemWith(rule), 2)
    const absolute = sumOfSlopes(lossAt, still.weights, names, Math.abs)
    expect((before - after) / (1e-7 * absolute)).toBeCloseTo(1, 2)
  })
})
