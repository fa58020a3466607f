import { currentBackend } from 'tensorweft'
import { NonFiniteError, type TrainingCallback, type TrainingEvent } from 'tensorweft/layers'
import { type Mnist, pixelCount } from '../data/mnist.ts'
import type { Run } from './context.ts'
import { type DigitTester, digitTester, type TestReport } from './digit-tester.ts'
import type { DigitTraining } from './digit-training.ts'
import { type Progress, ProgressMeter } from './progress-meter.ts'

/** What is told of a run. */
export interface RunListener {
  onProgress(progress: Progress): void
  /** @param samples Digits trained on until then. */
  onTest(report: TestReport, samples: number): void
}

/** While the training waits: short, at most every second. */
const testsBetween = { budgetMs: 150, leastBatches: 1, everyMs: 1000 }
const testAtEnd = { budgetMs: 5000, leastBatches: 2 }

/** The training of one classifier, which pauses and goes on where it was. */
export class DigitRun implements Run {
  readonly training: DigitTraining
  readonly #mnist: Mnist
  readonly #listener: RunListener
  readonly #test: DigitTester
  readonly #meter: ProgressMeter
  #work: Promise<void> | undefined
  #isPausing = false
  #testedAt = 0

  constructor(training: DigitTraining, mnist: Mnist, listener: RunListener) {
    this.training = training
    this.#mnist = mnist
    this.#listener = listener
    this.#test = digitTester(training.model, mnist.test)
    this.#meter = new ProgressMeter(mnist.train.count)
  }

  get isActive(): boolean {
    return this.#work !== undefined
  }

  /** Digits trained on so far. */
  get samples(): number {
    const { trainer } = this.training
    return trainer.epoch * this.#mnist.train.count + this.#samplesIn(trainer)
  }

  /**
   * Trains until so many epochs are complete, those of before included, or until it is paused; then
   * tests.
   */
  async trainTo(epochs: number): Promise<void> {
    this.#isPausing = false
    this.#meter.restart()
    this.#testedAt = performance.now()
    this.#work = this.#train(epochs)
    try {
      await this.#work
    } finally {
      this.#work = undefined
    }
  }

  async pause(): Promise<void> {
    this.#isPausing = true
    // What went wrong is told to whoever began the training.
    await this.#work?.catch(() => {})
  }

  async #train(epochs: number): Promise<void> {
    const { trainer, settings } = this.training
    const { images, labels, count } = this.#mnist.train
    const data = { x: { data: images, shape: [count, pixelCount] }, y: Int32Array.from(labels) }
    const options = {
      epochs: epochs - trainer.epoch,
      batchSize: settings.batchSize,
      callbacks: [this.#callback()],
    }
    await trainer.fit(data, options).catch((cause: unknown) => {
      if (!(cause instanceof NonFiniteError)) throw cause
      const advice = 'start again with a smaller learning rate.'
      throw new Error(`The loss grew beyond all numbers: ${advice}`, { cause })
    })
    if (this.#isPausing) await this.test()
  }

  async test({ budgetMs, leastBatches } = testAtEnd): Promise<void> {
    const resume = this.#meter.interrupt()
    const report = await this.#test(budgetMs, leastBatches)
    resume()
    this.#testedAt = performance.now()
    this.#listener.onTest(report, this.samples)
  }

  #callback(): TrainingCallback {
    return {
      onBatchEnd: async (event) => {
        if (this.#isPausing) event.stop()
        const isLast = this.#isPausing || event.step === event.steps
        if (isLast || this.#meter.isDue(event.epoch, this.#samplesIn(event))) {
          this.#listener.onProgress(await this.#measure(event))
        }
        const isDue = performance.now() - this.#testedAt >= testsBetween.everyMs
        if (isDue && !isLast) await this.test(testsBetween)
      },
      onEpochEnd: () => this.test(),
    }
  }

  async #measure(event: TrainingEvent): Promise<Progress> {
    const { loss = Number.NaN, accuracy = Number.NaN } = await event.readLogs()
    const backend = currentBackend().name
    const samples = this.#samplesIn(event)
    return this.#meter.measure({ epoch: event.epoch, samples, loss, accuracy, backend })
  }

  /** Digits of its epoch that a step has reached. */
  #samplesIn({ step }: { readonly step: number }): number {
    return Math.min(this.#mnist.train.count, step * this.training.settings.batchSize)
  }
}
