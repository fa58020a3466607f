import { type CnnProblem, type CnnTrainingProblem, flatSize } from '../../problems/cnn.ts'
import { fold, type Geometry, halved, maxPool, type Pooled, unfold, unpool } from './images.ts'
import {
  addRow,
  columnSums,
  type Matrix,
  matrix,
  product,
  relu,
  reshape,
  softmaxCrossEntropy,
  transpose,
  where,
} from './matrix.ts'
import { type TrainedMatrix, trained, updateWeights } from './trained.ts'

type Weights = Readonly<Record<keyof CnnProblem['weights'], TrainedMatrix>>

/** A convolution with ReLU and max pool, and what its gradient needs. */
interface Block {
  readonly patches: Matrix
  readonly activations: Matrix
  readonly pooled: Pooled
}

interface Forward {
  readonly block1: Block
  readonly block2: Block
  /** [batch, elements of one image] */
  readonly flat: Matrix
  readonly logits: Matrix
}

/** The logits [batch, outputs] by plain loops in float64. */
export function cnnLogits(problem: CnnProblem): Float64Array {
  return forward(problem, weightsOf(problem)).logits.values
}

/** The loss of each of the first `steps` training steps, in the same way. */
export function cnnLosses(problem: CnnTrainingProblem, steps: number): number[] {
  const weights = weightsOf(problem)
  const losses: number[] = []
  for (let step = 1; step <= steps; step++) {
    const values = forward(problem, weights)
    const { loss, gradient } = softmaxCrossEntropy(values.logits, problem.labels)
    losses.push(loss)
    // The update after the last loss would change nothing that anyone sees.
    if (step === steps) break
    for (const [matrix, dy] of gradientsOf(problem, weights, values, gradient)) {
      updateWeights(matrix, dy, problem.update, step)
    }
  }
  return losses
}

function weightsOf({ sizes, weights }: CnnProblem): Weights {
  const { filters1, filters2, outputs } = sizes
  return {
    f1: trained(9, filters1, weights.f1),
    b1: trained(1, filters1, weights.b1),
    f2: trained(9 * filters1, filters2, weights.f2),
    b2: trained(1, filters2, weights.b2),
    w3: trained(flatSize(sizes), outputs, weights.w3),
    b3: trained(1, outputs, weights.b3),
  }
}

function forward({ sizes, images }: CnnProblem, weights: Weights): Forward {
  const { batch, height, width } = sizes
  const block1 = block(matrix(batch * height * width, 1, images), weights.f1, weights.b1, sizes)
  const block2 = block(block1.pooled.output, weights.f2, weights.b2, halved(sizes))
  const flat = reshape(block2.pooled.output, batch)
  return { block1, block2, flat, logits: addRow(product(flat, weights.w3), weights.b3) }
}

function block(x: Matrix, filters: Matrix, bias: Matrix, geometry: Geometry): Block {
  const patches = unfold(x, geometry)
  const activations = relu(addRow(product(patches, filters), bias))
  return { patches, activations, pooled: maxPool(activations, geometry) }
}

function gradientsOf(
  { sizes }: CnnProblem,
  { f1, b1, f2, b2, w3, b3 }: Weights,
  { block1, block2, flat }: Forward,
  dLogits: Matrix,
): (readonly [TrainedMatrix, Matrix])[] {
  const dFlat = product(dLogits, transpose(w3))
  const dy2 = convolutionGradient(block2, reshape(dFlat, block2.pooled.output.rows))
  const dBetween = fold(product(dy2, transpose(f2)), halved(sizes))
  const dy1 = convolutionGradient(block1, dBetween)
  return [
    [f1, product(transpose(block1.patches), dy1)],
    [b1, columnSums(dy1)],
    [f2, product(transpose(block2.patches), dy2)],
    [b2, columnSums(dy2)],
    [w3, product(transpose(flat), dLogits)],
    [b3, columnSums(dLogits)],
  ]
}

/** The gradient by the convolution's own result from that by the pool's. */
function convolutionGradient({ activations, pooled }: Block, dy: Matrix): Matrix {
  return where(activations, unpool(pooled, dy, activations))
}
