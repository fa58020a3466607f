import type { Batch } from './batch.ts'
import type { BatchSource, EpochBatches } from './batch-source.ts'
import type { FitOptions } from './fit-options.ts'
import { orderKey, orderOfEpoch } from './permutation.ts'
import type { BegunEpoch } from './position.ts'
import { TrainingError } from './training-error.ts'
import type { TrainingState } from './training-state.ts'

/** An epoch with the batches that are left of it. */
export interface OpenedEpoch {
  readonly begun: BegunEpoch
  readonly batches: EpochBatches
  /** Of the batches, where it was taken already. */
  readonly first?: Batch | undefined
}

/** Begins the next epoch, or goes on with the one that was begun. Changes nothing in the state. */
export async function openEpoch<M extends string>(
  state: TrainingState<M>,
  source: BatchSource,
  options: FitOptions,
): Promise<OpenedEpoch> {
  const epoch = state.position.epochs + 1
  const begun =
    continuedEpoch(state, source, options) ?? (await newEpoch(state, source, options, epoch))
  return { begun, batches: await source.open({ epoch, ...begun }) }
}

function continuedEpoch<M extends string>(
  { position: { begun } }: TrainingState<M>,
  { sampleCount }: BatchSource,
  { resume = true }: FitOptions,
): BegunEpoch | undefined {
  if (begun === undefined || !resume) return undefined
  if (begun.sampleCount === sampleCount) return begun
  const describe = (count: number | undefined) =>
    count === undefined ? 'batches' : `${count} samples`
  throw new TrainingError('fit', {
    got: `${describe(sampleCount)}, in the middle of an epoch over ${describe(begun.sampleCount)}`,
    hint: 'pass the data of that epoch, or resume: false to begin anew',
  })
}

async function newEpoch<M extends string>(
  state: TrainingState<M>,
  { sampleCount }: BatchSource,
  { shuffle = true, seed }: FitOptions,
  epoch: number,
): Promise<BegunEpoch> {
  const begun = { steps: 0, samples: 0 }
  if (sampleCount === undefined) return begun
  if (!shuffle) return { ...begun, sampleCount }
  const order = await orderOfEpoch(orderKey(seed, state.orderKey.value), epoch)
  return { ...begun, sampleCount, order }
}
