import { type Key, key, type Layer } from '@tensorweft/core'
import { decodeSafetensors, dense, sequential } from '@tensorweft/layers'
import { adam } from '@tensorweft/optimizers'
import {
  type GanBatchesFrom,
  type GanTrainer,
  type GanTrainerOptions,
  ganTrainer,
  shuffledBatches,
} from '../index.ts'

/** Points on a line: [points, 2]. */
function makePoints(count = 64) {
  const data = Float32Array.from({ length: 2 * count }, (_, i) => Math.sin(i * i) + (i % 2))
  return { data, shape: [count, 2] }
}

export function batchesOf(batchSize = 8, from: Key = key(11)): GanBatchesFrom {
  const points = makePoints()
  return (batch) => shuffledBatches(points, { batchSize, key: from, from: batch })
}

const network = (outputs: number): Layer =>
  sequential(dense({ units: 6, activation: 'tanh' }), dense({ units: outputs }))

/** A trainer of two small networks. */
export function makeGame(options: Partial<GanTrainerOptions> = {}): GanTrainer {
  return ganTrainer({
    generator: network(2),
    discriminator: network(1),
    generatorOptimizer: adam({ learningRate: 0.01, beta1: 0.5 }),
    discriminatorOptimizer: adam({ learningRate: 0.01, beta1: 0.5 }),
    latentSize: 3,
    key: key(7),
    ...options,
  })
}

/** Everything that the trainer would save, as plain data. */
export async function stateOf(game: GanTrainer): Promise<Record<string, readonly number[]>> {
  const { tensors } = decodeSafetensors(await game.save())
  return Object.fromEntries([...tensors].map(([name, { data }]) => [name, [...data]] as const))
}

/** All events of a call. */
export async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const event of events) all.push(event)
  return all
}
