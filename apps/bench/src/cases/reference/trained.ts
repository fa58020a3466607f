import type { AdamRule, UpdateRule } from '../../problems/update-rule.ts'
import { type Matrix, matrix } from './matrix.ts'

/** One trainable tensor with Adam's moments. */
export interface TrainedMatrix extends Matrix {
  readonly firstMoment: Float64Array
  readonly secondMoment: Float64Array
}

export function trained(rows: number, columns: number, values: ArrayLike<number>): TrainedMatrix {
  const length = rows * columns
  return {
    ...matrix(rows, columns, values),
    firstMoment: new Float64Array(length),
    secondMoment: new Float64Array(length),
  }
}

/** Changes the weights in place; `step` counts from 1. */
export function updateWeights(
  weights: TrainedMatrix,
  gradient: Matrix,
  update: UpdateRule,
  step: number,
): void {
  gradient.values.forEach((dy, i) => {
    const change = update.rule === 'sgd' ? dy : adamDirection(weights, i, dy, update, step)
    weights.values[i] = (weights.values[i] ?? 0) - update.learningRate * change
  })
}

function adamDirection(
  { firstMoment, secondMoment }: TrainedMatrix,
  i: number,
  dy: number,
  { beta1, beta2, epsilon }: AdamRule,
  step: number,
): number {
  const m = beta1 * (firstMoment[i] ?? 0) + (1 - beta1) * dy
  const v = beta2 * (secondMoment[i] ?? 0) + (1 - beta2) * dy * dy
  firstMoment[i] = m
  secondMoment[i] = v
  return m / (1 - beta1 ** step) / (Math.sqrt(v / (1 - beta2 ** step)) + epsilon)
}
