import { checkOption, type OptionRule, settleOptions } from '@tensorweft/core'
import { integerFrom0, oneOf, optional, positiveInteger } from '../check-options.ts'
import type { AbortSignalLike } from './abort.ts'
import { defaultBatchSize } from './batch-source.ts'
import type { TrainingCallback } from './callback.ts'
import { type ClassWeight, checkClassWeight } from './class-weight.ts'
import type { TrainingData } from './data.ts'

/** What to do about a loss that is NaN or infinite, where it is read. */
export type OnNonFinite = 'throw' | 'stop' | 'ignore'

export interface FitOptions {
  /** How many epochs to train now, by default 1. One that was begun before counts as the first. */
  readonly epochs?: number
  /** Samples per step of data that is not in batches yet, by default 32; the last may be smaller. */
  readonly batchSize?: number
  /** Steps of an epoch, for batches that never end; by default an epoch is all of the data. */
  readonly stepsPerEpoch?: number
  /** Whether samples in memory come in another order in each epoch; by default they do. */
  readonly shuffle?: boolean
  /** Decides the orders; by default the trainer's key does. */
  readonly seed?: number
  /** Measured after every epoch. */
  readonly validationData?: TrainingData
  /** Share of samples in memory, the last ones, that are kept for validation. */
  readonly validationSplit?: number
  /** How much the loss of a sample counts by its class; not in the validation. */
  readonly classWeight?: ClassWeight
  readonly callbacks?: readonly TrainingCallback[]
  /** Ends the training after the current step; `fit` rejects with its reason. */
  readonly signal?: AbortSignalLike
  /** By default `throw`, a NonFiniteError. */
  readonly onNonFinite?: OnNonFinite
  /**
   * Whether an epoch that was begun before and not completed goes on where it stopped; by default it
   * does. Otherwise it begins anew.
   */
  readonly resume?: boolean
}

const split: OptionRule = ['a share between 0 and 1', (n) => n > 0 && n < 1]

/** @throws ArgumentError for options outside their range. */
export function checkFitOptions(options: FitOptions): void {
  settleOptions('fit', options, {
    epochs: [integerFrom0, 1],
    batchSize: [positiveInteger, defaultBatchSize],
    stepsPerEpoch: [optional(positiveInteger)],
    seed: [optional(integerFrom0)],
    validationSplit: [optional(split)],
    onNonFinite: [oneOf('throw', 'stop', 'ignore'), 'throw'],
  })
  const { classWeight, validationSplit, validationData } = options
  if (classWeight !== undefined) checkClassWeight('fit', classWeight)
  checkOption('fit', 'validationData', validationData, [
    'not both of it and validationSplit',
    (_, data) => data === undefined || validationSplit === undefined,
  ])
}
