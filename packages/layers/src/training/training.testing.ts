import {
  type CallContext,
  type Key,
  key,
  Layer,
  LayerError,
  type Optimizer,
  randomUniform,
  type Shape,
  sparseSoftmaxCrossEntropy,
  type Tensor,
  where,
} from '@tensorweft/core'
import { adam } from '@tensorweft/optimizers'
import { accuracy, decodeSafetensors, dense, sequential, type Trainer, trainer } from '../index.ts'

/** Zeroes inputs at random while training. */
class RandomZeros extends Layer {
  override build(inputShape: Shape): Shape {
    return inputShape
  }
  override call(x: Tensor, { training, key: from }: CallContext): Tensor {
    if (!training) return x
    if (from === undefined) throw new LayerError('randomZeros', { got: 'no key' })
    return where(randomUniform(from, x.shape).less(0.5), 0, x.mul(2))
  }
}

/** `count` points [count, 4] with the number, 0 to 2, of the part of space that they lie in. */
export function makePoints(count: number, seed = 1) {
  const next = randomNumbers(seed)
  const data = Float32Array.from({ length: count * 4 }, () => next() * 2 - 1)
  const y = Int32Array.from({ length: count }, (_, i) => {
    const [a = 0, b = 0, c = 0] = data.subarray(4 * i)
    return a + b > 0.3 ? 0 : c > 0 ? 1 : 2
  })
  return { x: { data, shape: [count, 4] }, y }
}

function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

export function makeModel({ isRandom = true } = {}) {
  return sequential(
    dense({ units: 8, activation: 'tanh' }),
    ...(isRandom ? [new RandomZeros()] : []),
    dense({ units: 3 }),
  )
}

export interface ClassifierOptions {
  readonly optimizer?: Optimizer
  readonly isRandom?: boolean
  readonly from?: Key
}

/** A trainer for the points. */
export function makeClassifier({
  optimizer = adam({ learningRate: 0.03 }),
  isRandom = true,
  from = key(5),
}: ClassifierOptions = {}): Trainer<'accuracy'> {
  return trainer({
    model: makeModel({ isRandom }),
    loss: sparseSoftmaxCrossEntropy,
    optimizer,
    metrics: { accuracy },
    key: from,
  })
}

/** All that a trainer would save, as plain data. */
export async function stateOf<M extends string>(from: Trainer<M>) {
  const { tensors, metadata } = decodeSafetensors(await from.save())
  const values = [...tensors].map(([name, { data }]) => [name, [...data]] as const)
  return { tensors: Object.fromEntries(values), metadata }
}
