/** Submits between two marks. */
const stride = 128

/** Marks that the device may be behind. */
const mostMarks = 8

/**
 * Keeps a program that never waits from filling the device's queue without end: it may be some
 * 1,000 submits ahead. Few promises are made for that, one for every 128 submits.
 */
export class Backlog {
  readonly #queue: GPUQueue
  #submits = 0
  /** Each resolves when the device has come as far; the oldest first. */
  readonly #marks: Promise<void>[] = []

  constructor(queue: GPUQueue) {
    this.#queue = queue
  }

  /** Resolves when the queue takes more; undefined if it does now. */
  get room(): Promise<void> | undefined {
    return this.#marks.length < mostMarks ? undefined : this.#marks[0]
  }

  /** Counts a submit. */
  add(): void {
    if (++this.#submits % stride === 0) this.#mark()
  }

  // Apart, so that a submit without a mark makes no closure.
  #mark(): void {
    const pass = () => {
      this.#marks.shift()
    }
    // A device that is lost has nothing in its queue.
    this.#marks.push(this.#queue.onSubmittedWorkDone().then(pass, pass))
  }
}
