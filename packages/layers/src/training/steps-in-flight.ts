import { backendToUse, type DType, realize, type Tensor } from '@tensorweft/core'
import { macrotask } from './macrotask.ts'

/** A step that was enqueued. */
interface EnqueuedStep {
  readonly result: Tensor<DType>
  /** Resolves when the backend has run it. */
  readonly finished: Promise<void>
  readonly done: () => void | Promise<void>
}

const maximumInFlight = 8
const turnMs = 10

/**
 * Keeps a program from running ahead of its backend: at most 8 steps are enqueued and not done,
 * and the event loop gets a turn every 10 ms. For training loops of one's own.
 *
 * @example
 * ```ts
 * const weight = new Parameter(zeros([2]))
 * const step = compile(() => {
 *   weight.assign(weight.value.add(1))
 *   return weight.value.sum()
 * })
 * const inFlight = new StepsInFlight()
 * for (let i = 0; i < 100; i++) await inFlight.push(step(), () => {})
 * await inFlight.drain()
 * await weight.value.array() // [100, 100]
 * ```
 */
export class StepsInFlight {
  #steps: EnqueuedStep[] = []
  #turnAt = Date.now()

  /**
   * Registers a step that was just enqueued. Waits, if it must, for the one 8 steps before.
   *
   * @param result What the step returned; freed in the end.
   * @param done Called once the step is done, in the order of the steps.
   * @throws What went wrong in an earlier step.
   */
  async push(result: Tensor<DType>, done: EnqueuedStep['done']): Promise<void> {
    const finished = Promise.resolve(backendToUse()).then((backend) => backend.finish())
    // Told when the step's turn comes, in `#settle`.
    finished.catch(() => {})
    this.#steps.push({ result, finished, done })
    if (this.#steps.length >= maximumInFlight) await this.#settle(this.#steps.shift())
    // Clocks may be set back.
    if (Math.abs(Date.now() - this.#turnAt) < turnMs) return
    await macrotask()
    this.#turnAt = Date.now()
  }

  /** Waits for all steps. */
  async drain(): Promise<void> {
    while (this.#steps.length > 0) await this.#settle(this.#steps.shift())
  }

  async #settle(step: EnqueuedStep | undefined): Promise<void> {
    if (step === undefined) return
    await step.finished
    // A step that had to wait in the queue of core tells here whether it failed.
    await realize(step.result)
    await step.done()
    step.result.dispose()
  }
}
