import { type Batch, batchOf } from './batch.ts'
import type { BatchSource, EpochBatches, EpochStart } from './batch-source.ts'
import type { Batches, BatchesOfEpoch, Dataset } from './data.ts'
import { TrainingError } from './training-error.ts'

type BatchIterator = Iterator<Dataset> | AsyncIterator<Dataset>

/** Batches that a program makes. */
export class StreamSource implements BatchSource {
  readonly sampleCount = undefined
  readonly #op: string
  readonly #data: Batches | BatchesOfEpoch
  readonly #stepsPerEpoch: number | undefined
  /** Of an iterable that goes on from epoch to epoch. */
  #endless: BatchIterator | undefined

  constructor(op: string, data: Batches | BatchesOfEpoch, stepsPerEpoch: number | undefined) {
    this.#op = op
    this.#data = data
    this.#stepsPerEpoch = stepsPerEpoch
  }

  async open(start: EpochStart): Promise<EpochBatches> {
    const goesOn = this.#stepsPerEpoch !== undefined && typeof this.#data !== 'function'
    if (goesOn) {
      this.#endless ??= iterate(await this.#batches(start.epoch))
      return this.#take(this.#endless, start.steps, async () => {})
    }
    const iterator = iterate(await this.#batches(start.epoch))
    // An epoch that goes on has seen these.
    for (let skipped = 0; skipped < start.steps; skipped++) await iterator.next()
    return this.#take(iterator, start.steps, async () => {
      await iterator.return?.()
    })
  }

  async close(): Promise<void> {
    // A generator that the program holds is not ended: its next call may go on with it.
    const given: unknown = this.#data
    if (this.#endless !== given) await this.#endless?.return?.()
    this.#endless = undefined
  }

  async #batches(epoch: number): Promise<Batches> {
    return typeof this.#data === 'function' ? await this.#data(epoch) : this.#data
  }

  #take(iterator: BatchIterator, begin: number, close: () => Promise<void>): EpochBatches {
    const steps = this.#stepsPerEpoch
    let step = begin
    return {
      steps,
      next: async (): Promise<Batch | undefined> => {
        if (step === steps) return undefined
        const { done, value } = await iterator.next()
        if (done) {
          if (steps === undefined) return undefined
          throw this.#ranOut(step, steps)
        }
        step++
        return await batchOf(this.#op, value)
      },
      close,
    }
  }

  #ranOut(step: number, steps: number): TrainingError {
    return new TrainingError(this.#op, {
      got: `batches that ended after ${step} of ${steps} steps of an epoch`,
      wanted: 'as many batches as stepsPerEpoch',
      hint: 'leave stepsPerEpoch out where an epoch is one pass through the batches',
    })
  }
}

function iterate(batches: Batches): BatchIterator {
  return Symbol.asyncIterator in batches
    ? batches[Symbol.asyncIterator]()
    : batches[Symbol.iterator]()
}

/** Whether something is a source of batches rather than a data set. */
export function isBatches(value: object): value is Batches {
  return Symbol.iterator in value || Symbol.asyncIterator in value
}
