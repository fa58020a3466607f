import { ArgumentError } from '@tensorweft/core'
import type { BatchSource } from './batch-source.ts'
import type { Dataset, TrainingData } from './data.ts'
import type { FitOptions } from './fit-options.ts'
import { MemorySource, readDataset, sliceDataset } from './memory-source.ts'
import { openSource } from './open-source.ts'
import { isBatches } from './stream-source.ts'

/** What to train on and, if anything, what to validate on. */
export interface FitSources {
  readonly training: BatchSource
  readonly validation: BatchSource | undefined
}

const defaultBatchSize = 32

/** @throws ArgumentError or ShapeError for data that cannot be used. */
export async function openFitSources(data: TrainingData, options: FitOptions): Promise<FitSources> {
  const { batchSize = defaultBatchSize, stepsPerEpoch, validationData, validationSplit } = options
  if (validationSplit !== undefined) {
    if (!isDataset(data)) throw batchesCannotBeSplit(validationSplit)
    return splitSources(data, validationSplit, { batchSize, stepsPerEpoch })
  }
  const training = await openSource('fit', data, { batchSize, stepsPerEpoch })
  const validation =
    validationData && (await openSource('fit: validationData', validationData, { batchSize }))
  return { training, validation }
}

function isDataset(data: TrainingData): data is Dataset {
  return typeof data === 'object' && data !== null && !isBatches(data) && 'x' in data
}

function batchesCannotBeSplit(validationSplit: number): ArgumentError {
  return new ArgumentError('fit', {
    got: `validationSplit ${validationSplit} for data that comes in batches`,
    wanted: 'data in memory, { x, y }',
    hint: 'pass validationData',
  })
}

async function splitSources(
  data: Dataset,
  validationSplit: number,
  { batchSize, stepsPerEpoch }: { batchSize: number; stepsPerEpoch: number | undefined },
): Promise<FitSources> {
  const all = await readDataset('fit', data)
  const count = all.x.shape[0] ?? 0
  const kept = Math.floor(count * (1 - validationSplit))
  if (kept === 0 || kept === count) {
    throw new ArgumentError('fit', {
      got: `validationSplit ${validationSplit} of ${count} samples, which leaves a part empty`,
      wanted: 'samples in both parts',
    })
  }
  const validation = sliceDataset(all, kept, count)
  return {
    training: new MemorySource('fit', sliceDataset(all, 0, kept), batchSize, stepsPerEpoch),
    validation: new MemorySource('fit: validationSplit', validation, batchSize),
  }
}
