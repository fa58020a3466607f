import { ganTrainer, shuffledBatches } from '@tensorweft/gan'
import { adam, key, type Tensor } from 'tensorweft'
import { type Digits, pixelCount, side } from '../data/mnist.ts'
import type { Run } from './context.ts'
import {
  createDiscriminator,
  createGenerator,
  latentSize,
  sampleNoise,
  toBytes,
} from './digit-networks.ts'

/** Losses of a step. */
export interface GanPoint {
  /** From 1: updates of the generator. */
  readonly step: number
  readonly generatorLoss: number
  readonly discriminatorLoss: number
}

/** How a training goes on. */
export interface GanProgress {
  /** What has come since the last report. */
  readonly points: readonly GanPoint[]
  readonly stepsPerSecond: number
  /** [40 · 28 · 28] bytes, images of noise that is always the same. */
  readonly samples: Uint8Array
  /** What looks wrong, with what to do about it. */
  readonly warnings: readonly string[]
}

export type TakeReport = (progress: GanProgress) => void | Promise<void>

const batchSize = 64
const rule = { learningRate: 2e-4, beta1: 0.5 }
const stepsPerPoint = 5
const reportEveryMs = 300

/** A generator and a discriminator of digits, whose training pauses and goes on where it was. */
export class DigitGame implements Run {
  readonly #trainer = ganTrainer({
    generator: createGenerator(),
    discriminator: createDiscriminator(),
    generatorOptimizer: adam(rule),
    discriminatorOptimizer: adam(rule),
    latentSize,
    // Averages of many steps draw best in the end; of some, one sees more of how it gets there.
    averageDecay: 0.99,
    key: key(0),
  })
  readonly #digits: Digits
  #interruption = new AbortController()
  #playing: Promise<void> | undefined

  constructor(digits: Digits) {
    this.#digits = digits
  }

  /** Images [images, 28, 28, 1] from −1 to 1 of noise [images, 64]. */
  generate(noise: Tensor): Tensor {
    return this.#trainer.generate(noise)
  }

  /** Trains until it is paused. Goes on when a report has been taken, so that none comes afterwards. */
  async play(report: TakeReport): Promise<void> {
    if (this.#playing !== undefined) return
    this.#interruption = new AbortController()
    this.#playing = this.#play(this.#interruption.signal, report)
    try {
      await this.#playing
    } catch (error) {
      if (!this.#interruption.signal.aborted) throw error
    } finally {
      this.#playing = undefined
    }
  }

  /** Ends the training after the current step. */
  async pause(): Promise<void> {
    this.#interruption.abort()
    // What went wrong is told to whoever began the training.
    await this.#playing?.catch(() => {})
  }

  async #play(signal: AbortSignal, report: TakeReport): Promise<void> {
    const options = { reportEvery: stepsPerPoint, signal }
    let points: GanPoint[] = []
    let reported = { at: performance.now(), step: this.#trainer.step }
    const batches = (from: number) => this.#batches(from)
    for await (const event of this.#trainer.train(batches, options)) {
      const { step, generatorLoss, discriminatorLoss, warnings } = event
      points.push({ step, generatorLoss, discriminatorLoss })
      const elapsedMs = performance.now() - reported.at
      if (elapsedMs < reportEveryMs) continue
      await report({
        points,
        stepsPerSecond: (1000 * (step - reported.step)) / elapsedMs,
        samples: await toBytes(this.generate(sampleNoise())).data(),
        warnings: warnings.map(({ message, advice }) => `${message}: ${advice}`),
      })
      points = []
      reported = { at: performance.now(), step }
    }
  }

  /** Real images [batch, 28, 28, 1] from −1 to 1, without end. */
  async *#batches(from: number): AsyncGenerator<Tensor, void, void> {
    const { images, count } = this.#digits
    const rows = { data: images, shape: [count, pixelCount] }
    for await (const batch of shuffledBatches(rows, { batchSize, key: key(1), from })) {
      const real = batch.div(127.5).sub(1).reshape([-1, side, side, 1])
      yield real
      real.dispose()
    }
  }
}
