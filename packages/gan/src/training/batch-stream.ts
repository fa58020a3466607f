import {
  ArgumentError,
  formatShape,
  type Shape,
  ShapeError,
  sameShape,
  Tensor,
} from '@tensorweft/core'
import { TrainingError } from '@tensorweft/layers'

/** Real samples, batch by batch: float32 [batch, …]. */
export type GanBatches = Iterable<Tensor> | AsyncIterable<Tensor>

/**
 * Makes the batches from one on, which counts from 0 over the whole training: 0 at first, how many
 * were used where a training goes on, and again where the batches end.
 */
export type GanBatchesFrom = (from: number) => GanBatches | Promise<GanBatches>

type BatchIterator = Iterator<Tensor> | AsyncIterator<Tensor>

/** The batches of one call of `train`. */
export class BatchStream {
  readonly #given: GanBatches | GanBatchesFrom
  readonly #sampleShape: Shape
  #iterator: BatchIterator | undefined

  /** @throws ArgumentError for what gives no batches. */
  constructor(op: string, given: GanBatches | GanBatchesFrom, sampleShape: Shape) {
    if (typeof given !== 'function') checkIterable(op, 'batches', given)
    this.#given = given
    this.#sampleShape = sampleShape
  }

  /**
   * The next batch, or undefined after the last of an iterable.
   *
   * @param used Batches that the training used so far.
   * @throws TrainingError where a function gives no batch; ArgumentError, ShapeError for what is no
   * batch of such samples.
   */
  async next(op: string, used: number): Promise<Tensor | undefined> {
    const isNew = this.#iterator === undefined
    const iterator = this.#iterator ?? (await this.#open(op, used))
    // One that throws has ended: nothing is left to close.
    this.#iterator = undefined
    const { done, value } = await iterator.next()
    if (!done) {
      this.#iterator = iterator
      return this.#checked(op, value)
    }
    if (typeof this.#given !== 'function') return undefined
    if (!isNew) return this.next(op, used)
    throw new TrainingError(op, {
      got: `no batches from batch ${used} on`,
      wanted: 'at least one from the function that makes them',
      hint: 'its argument counts over the whole training; use it modulo the batches that there are',
    })
  }

  /** Ends what was begun here; a generator that the program holds can go on. */
  async close(): Promise<void> {
    const given: unknown = this.#given
    const iterator = this.#iterator
    this.#iterator = undefined
    if (iterator !== given) await iterator?.return?.()
  }

  async #open(op: string, from: number): Promise<BatchIterator> {
    const batches = typeof this.#given === 'function' ? await this.#given(from) : this.#given
    checkIterable(op, 'what the function of batches gives', batches)
    return Symbol.asyncIterator in batches
      ? batches[Symbol.asyncIterator]()
      : batches[Symbol.iterator]()
  }

  #checked(op: string, batch: Tensor): Tensor {
    const dtype = batch instanceof Tensor ? batch.dtype : typeof batch
    if (dtype !== 'float32') {
      throw new ArgumentError(op, {
        got: `a batch of ${dtype}`,
        wanted: 'float32 tensors [batch, …]',
        hint: "batch.cast('float32') or tensor(values) makes one",
      })
    }
    const [size = 0, ...sample] = batch.shape
    if (size > 0 && sameShape(sample, this.#sampleShape)) return batch
    throw new ShapeError(op, {
      got: `a batch ${formatShape(batch.shape)}`,
      wanted: `[batch, ${this.#sampleShape.join(', ')}] as the generator makes them`,
    })
  }
}

function checkIterable(op: string, what: string, value: unknown): void {
  const isObject = typeof value === 'object' && value !== null
  if (isObject && (Symbol.iterator in value || Symbol.asyncIterator in value)) return
  throw new ArgumentError(op, {
    got: `${what} of type ${value === null ? 'null' : typeof value}`,
    wanted: 'an iterable of tensors, or a function that gives one',
    hint: 'shuffledBatches(samples, { batchSize, key }) makes one of samples',
  })
}
