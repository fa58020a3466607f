/**
 * The order in which things happen. A job runs at once while nothing is under way; after one that
 * takes time all others queue up.
 */
export class Timeline {
  #last: Promise<void> | undefined

  /** Whether a job would run at once. */
  get isIdle(): boolean {
    return this.#last === undefined
  }

  /** Runs a job in its turn. One that may have to wait must not fail. */
  enqueue(job: () => void | Promise<void>): void {
    const started = this.#last === undefined ? job() : this.#last.then(job)
    if (started === undefined) return
    const turn: Promise<void> = started.then(() => {
      if (this.#last === turn) this.#last = undefined
    })
    this.#last = turn
  }

  /** Runs a job in its turn and resolves with its result. */
  run<T>(job: () => T): Promise<T> {
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
