import { ArgumentError } from '@tensorweft/core'
import { abortable } from './abortable-source.ts'
import type { BatchSource, SourceOptions } from './batch-source.ts'
import { isDataset, type TrainingData } from './data.ts'
import type { FitOptions } from './fit-options.ts'
import { memorySource, readDataset, sliceDataset } from './memory-source.ts'
import { openSource } from './open-source.ts'

/** What to train on and, if anything, what to validate on. */
export interface FitSources {
  readonly training: BatchSource
  readonly validation: BatchSource | undefined
}

/** @throws ArgumentError or ShapeError for data that cannot be used. */
export async function openFitSources(data: TrainingData, options: FitOptions): Promise<FitSources> {
  const { batchSize, signal, validationData, validationSplit } = options
  if (validationSplit !== undefined) return splitSources(data, validationSplit, options)
  const training = await openSource('fit', data, options)
  const validation =
    validationData && (await openSource('fit: validationData', validationData, { batchSize }))
  return {
    training: abortable(training, signal),
    validation: validation && abortable(validation, signal),
  }
}

async function splitSources(
  data: TrainingData,
  validationSplit: number,
  options: SourceOptions,
): Promise<FitSources> {
  if (!isDataset(data)) {
    throw new ArgumentError('fit', {
      got: `validationSplit ${validationSplit} for data that comes in batches`,
      wanted: '{ x, y }, or validationData',
    })
  }
  const all = await readDataset('fit', data)
  const count = all.x.shape[0] ?? 0
  const kept = Math.floor(count * (1 - validationSplit))
  if (kept === 0 || kept === count) {
    throw new ArgumentError('fit', {
      got: `validationSplit ${validationSplit} of ${count} samples`,
      wanted: 'samples in both parts',
    })
  }
  const [first, last] = [await sliceDataset(all, 0, kept), await sliceDataset(all, kept, count)]
  return {
    training: memorySource('fit', first, options),
    validation: memorySource('fit: validationSplit', last, { batchSize: options.batchSize }),
  }
}
