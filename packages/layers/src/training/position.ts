import type { KeyWords } from './permutation.ts'

/** An epoch that was begun and is not complete. */
export interface BegunEpoch {
  /** Steps done, of which the running means know. */
  readonly steps: number
  /** Samples used. */
  readonly samples: number
  /** Samples in the data, where that is known. */
  readonly sampleCount?: number
  /** Decides the order of the samples, if they were shuffled. */
  readonly order?: KeyWords
}

/** How far a training is. */
export interface Position {
  /** Complete epochs. */
  readonly epochs: number
  readonly begun?: BegunEpoch
}
