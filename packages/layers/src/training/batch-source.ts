import type { Batch } from './batch.ts'
import type { KeyWords } from './permutation.ts'

/** Where in its data an epoch begins or, if it was interrupted, goes on. */
export interface EpochStart {
  /** Number of the epoch, from 1. */
  readonly epoch: number
  /** Batches that it has used already. */
  readonly steps: number
  /** Samples that it has used already. */
  readonly samples: number
  /** Decides the order of the samples; without it they come as they lie. */
  readonly order?: KeyWords
}

/** The batches of one epoch. */
export interface EpochBatches {
  /** Of the whole epoch, where that is known. */
  readonly steps: number | undefined
  /** The next batch, or undefined after the last. */
  next(): Promise<Batch | undefined>
  /** Lets go of batches that are not wanted any more. */
  close(): Promise<void>
}

export const defaultBatchSize = 32

/** How data is cut. */
export interface SourceOptions {
  /** Samples per step of what is not in batches yet, by default 32. */
  readonly batchSize?: number | undefined
  readonly stepsPerEpoch?: number | undefined
}

/** Data that can be gone through epoch by epoch. */
export interface BatchSource {
  /** Samples in the data, where that is known. */
  readonly sampleCount: number | undefined
  open(start: EpochStart): Promise<EpochBatches>
  /** Ends what goes on from epoch to epoch. */
  close(): Promise<void>
}

/** From the beginning, in the order of the data. */
export const wholeEpoch: EpochStart = { epoch: 1, steps: 0, samples: 0 }
