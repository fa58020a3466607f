import { classCount, pixelCount } from '../../data/mnist.ts'
import type { DigitBatch } from '../../worker/race-service.ts'

/** Two dense layers, or two convolutions with pools and a dense layer, for digits of 28×28. */
export type NetworkName = 'mlp' | 'cnn'
export type OptimizerName = 'sgd' | 'adam'

/** The training step that everybody makes: the same network, weights, batch and optimiser. */
export type Problem = MlpProblem | CnnProblem

interface ProblemBase {
  readonly optimizer: OptimizerName
  readonly batch: number
  /** Pixels between 0 and 1. [batch, 28, 28, 1] */
  readonly images: Float32Array
  /** The digit of each image. [batch] */
  readonly labels: Int32Array
}

/** Dense → ReLU → dense. */
export interface MlpProblem extends ProblemBase {
  readonly network: 'mlp'
  readonly hidden: number
  /** [784, hidden], [hidden], [hidden, 10], [10] */
  readonly weights: Readonly<Record<'w1' | 'b1' | 'w2' | 'b2', Float32Array>>
}

/** 3×3 convolution → ReLU → max pool, twice, then dense. */
export interface CnnProblem extends ProblemBase {
  readonly network: 'cnn'
  readonly filters: readonly [first: number, second: number]
  /** [3, 3, 1, f₁], [f₁], [3, 3, f₁, f₂], [f₂], [7 · 7 · f₂, 10], [10] */
  readonly weights: Readonly<Record<'f1' | 'b1' | 'f2' | 'b2' | 'w3' | 'b3', Float32Array>>
}

export const batchSizes: Readonly<Record<NetworkName, number>> = { mlp: 128, cnn: 32 }
export const learningRates: Readonly<Record<OptimizerName, number>> = { sgd: 0.1, adam: 1e-3 }
export const adamOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const

export function makeProblem(
  network: NetworkName,
  optimizer: OptimizerName,
  digits: DigitBatch,
): Problem {
  const batch = batchSizes[network]
  const base: ProblemBase = {
    optimizer,
    batch,
    images: digits.images.slice(0, batch * pixelCount),
    labels: digits.labels.slice(0, batch),
  }
  const random = randomNumbers(784)
  const zeros = (size: number) => new Float32Array(size)
  if (network === 'mlp') {
    const hidden = 256
    const weights = {
      w1: glorot(random, pixelCount, hidden),
      b1: zeros(hidden),
      w2: glorot(random, hidden, classCount),
      b2: zeros(classCount),
    }
    return { ...base, network, hidden, weights }
  }
  const filters = [8, 16] as const
  const flat = 7 * 7 * filters[1]
  const weights = {
    f1: glorot(random, 9, 9 * filters[0], 9 * filters[0]),
    b1: zeros(filters[0]),
    f2: glorot(random, 9 * filters[0], 9 * filters[1], 9 * filters[0] * filters[1]),
    b2: zeros(filters[1]),
    w3: glorot(random, flat, classCount),
    b3: zeros(classCount),
  }
  return { ...base, network, filters, weights }
}

/** Uniform between ±√(6 / (fanIn + fanOut)): Glorot and Bengio 2010, equation 16. */
function glorot(
  random: () => number,
  fanIn: number,
  fanOut: number,
  size: number = fanIn * fanOut,
): Float32Array {
  const limit = Math.sqrt(6 / (fanIn + fanOut))
  return Float32Array.from({ length: size }, () => limit * (2 * random() - 1))
}

/** Numbers from 0 to below 1, the same for the same seed (xorshift32). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
