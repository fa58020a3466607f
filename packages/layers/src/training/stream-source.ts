import { batchOf } from './batch.ts'
import type { BatchSource, EpochBatches } from './batch-source.ts'
import type { Batches, BatchesOfEpoch, Dataset } from './data.ts'
import { TrainingError } from './training-error.ts'

type BatchIterator = Iterator<Dataset> | AsyncIterator<Dataset>

/** Batches that a program makes. */
export function streamSource(
  op: string,
  data: Batches | BatchesOfEpoch,
  steps: number | undefined,
): BatchSource {
  /** Of an iterable that goes on from epoch to epoch. */
  let endless: BatchIterator | undefined
  return {
    sampleCount: undefined,
    async open({ epoch, steps: begun }) {
      if (typeof data !== 'function' && steps !== undefined) {
        endless ??= iterate(data)
        return takeBatches(op, endless, begun, steps)
      }
      const iterator = iterate(typeof data === 'function' ? await data(epoch) : data)
      // An epoch that goes on has seen these.
      for (let skipped = 0; skipped < begun; skipped++) await iterator.next()
      const close = async () => void (await iterator.return?.())
      return { ...takeBatches(op, iterator, begun, steps), close }
    },
    async close() {
      // A generator that the program holds is not ended: its next call may go on with it.
      const given: unknown = data
      if (endless !== given) await endless?.return?.()
      endless = undefined
    },
  }
}

function takeBatches(
  op: string,
  iterator: BatchIterator,
  begun: number,
  steps: number | undefined,
): EpochBatches {
  let step = begun
  return {
    steps,
    async next() {
      if (step === steps) return undefined
      const { done, value } = await iterator.next()
      if (done && steps === undefined) return undefined
      if (done) {
        throw new TrainingError(op, {
          got: `batches that ended after ${step} of ${steps} steps of an epoch`,
          hint: 'leave stepsPerEpoch out for one pass through the batches',
        })
      }
      step++
      return await batchOf(op, value)
    },
    async close() {},
  }
}

function iterate(batches: Batches): BatchIterator {
  return Symbol.asyncIterator in batches
    ? batches[Symbol.asyncIterator]()
    : batches[Symbol.iterator]()
}

/** Whether something is a source of batches rather than a data set. */
export function isBatches(value: unknown): value is Batches | BatchesOfEpoch {
  return typeof value === 'function' || isIterable(value)
}

export function isIterable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Symbol.iterator in value || Symbol.asyncIterator in value
}
