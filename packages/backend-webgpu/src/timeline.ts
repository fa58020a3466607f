/** What a job waits for once its turn has come; a function is called then. It must not reject. */
export type Readiness = Promise<void> | (() => Promise<void> | undefined)

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

  /** Runs `job` in its turn, and not before `ready`. */
  enqueue(job: () => void, ready?: Readiness): void {
    if (this.#last === undefined && ready === undefined) {
      job()
      return
    }
    const turn: Promise<void> = (this.#last ?? Promise.resolve())
      .then(() => (typeof ready === 'function' ? ready() : ready))
      .then(job)
      .catch(this.#failed)
      .then(() => {
        if (this.#last === turn) this.#last = undefined
      })
    this.#last = turn
  }

  /** Runs `job` in its turn, and not before `ready`, and resolves with its result. */
  run<T>(job: () => T | Promise<T>, ready?: Readiness): Promise<T> {
    return new Promise((resolve, reject) => {
      this.enqueue(() => {
        try {
          resolve(job())
        } catch (error) {
          reject(error)
        }
      }, ready)
    })
  }
}
