/**
 * The order in which work reaches the device's queue. A job runs at once while nothing waits; once
 * one has to wait (its pipelines are still compiled) all later ones queue up behind it.
 */
export class Timeline {
  #last: Promise<void> | undefined
  readonly #failed: (error: unknown) => void

  /** `failed` is told of what a job throws that had to wait. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed
  }

  /** Whether a job would run at once. */
  get isIdle(): boolean {
    return this.#last === undefined
  }

  /** Runs `job` in its turn, and not before `ready`, which must not reject. */
  enqueue(job: () => void, ready?: Promise<void>): void {
    if (this.#last === undefined && ready === undefined) {
      job()
      return
    }
    const turn: Promise<void> = (this.#last ?? Promise.resolve())
      .then(() => ready)
      .then(job)
      .catch(this.#failed)
      .then(() => {
        if (this.#last === turn) this.#last = undefined
      })
    this.#last = turn
  }

  /** Runs `job` in its turn and resolves with its result. */
  run<T>(job: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.enqueue(() => {
        try {
          resolve(job())
        } catch (error) {
          reject(error)
        }
      })
    })
  }
}
