import { ArgumentError } from '@tensorweft/core'
import type { BatchSource } from './batch-source.ts'
import type { TrainingData } from './data.ts'
import { MemorySource, readDataset } from './memory-source.ts'
import { isBatches, StreamSource } from './stream-source.ts'

export interface SourceOptions {
  readonly batchSize: number
  readonly stepsPerEpoch?: number
}

/**
 * Data of any form as a source of batches.
 *
 * @throws ArgumentError for what is no data, ShapeError where its parts do not fit together.
 */
export async function openSource(
  op: string,
  data: TrainingData,
  { batchSize, stepsPerEpoch }: SourceOptions,
): Promise<BatchSource> {
  if (typeof data === 'function') return new StreamSource(op, data, stepsPerEpoch)
  if (typeof data === 'object' && data !== null) {
    if (isBatches(data)) return new StreamSource(op, data, stepsPerEpoch)
    if ('x' in data && 'y' in data) {
      return new MemorySource(op, await readDataset(op, data), batchSize, stepsPerEpoch)
    }
  }
  throw new ArgumentError(op, {
    got: data === null ? 'null' : `data of type ${typeof data}`,
    wanted: '{ x, y }, an iterable of such batches, or a function that gives one per epoch',
  })
}
