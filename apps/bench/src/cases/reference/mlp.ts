import type { MlpProblem } from '../../problems/mlp.ts'
import {
  addRow,
  columnSums,
  matrix,
  product,
  relu,
  softmaxCrossEntropy,
  transpose,
  where,
} from './matrix.ts'
import { trained, updateWeights } from './trained.ts'

/**
 * The loss of each of the first `steps` training steps, by plain loops in float64:
 * what every subject is held against.
 */
export function mlpLosses(problem: MlpProblem, steps: number): number[] {
  const { batch, inputs, hidden, outputs } = problem.sizes
  const images = matrix(batch, inputs, problem.images)
  const w1 = trained(inputs, hidden, problem.weights.w1)
  const b1 = trained(1, hidden, problem.weights.b1)
  const w2 = trained(hidden, outputs, problem.weights.w2)
  const b2 = trained(1, outputs, problem.weights.b2)
  const losses: number[] = []
  for (let step = 1; step <= steps; step++) {
    const activations = relu(addRow(product(images, w1), b1))
    const logits = addRow(product(activations, w2), b2)
    const { loss, gradient } = softmaxCrossEntropy(logits, problem.labels)
    const gradientHidden = where(activations, product(gradient, transpose(w2)))
    const gradients = [
      [w1, product(transpose(images), gradientHidden)],
      [b1, columnSums(gradientHidden)],
      [w2, product(transpose(activations), gradient)],
      [b2, columnSums(gradient)],
    ] as const
    for (const [weights, dy] of gradients) updateWeights(weights, dy, problem.update, step)
    losses.push(loss)
  }
  return losses
}
