import { ArgumentError } from '@tensorweft/core'
import type { BatchSource, SourceOptions } from './batch-source.ts'
import { isDataset, type TrainingData } from './data.ts'
import { memorySource, readDataset } from './memory-source.ts'
import { isBatches, streamSource } from './stream-source.ts'

/**
 * Data of any form as a source of batches.
 *
 * @throws ArgumentError for what is no data, ShapeError where its parts do not fit together.
 */
export async function openSource(
  op: string,
  data: TrainingData,
  options: SourceOptions,
): Promise<BatchSource> {
  if (isBatches(data)) return streamSource(op, data, options.stepsPerEpoch)
  if (isDataset(data)) return memorySource(op, await readDataset(op, data), options)
  throw new ArgumentError(op, {
    got: `data of type ${typeof data}`,
    wanted: '{ x, y }, an iterable of such, or (epoch) => one',
  })
}
