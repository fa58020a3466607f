/** Submits and written bytes between two marks, whichever are reached first. */
const stride = 128
const strideByteLength = 2 ** 26

/** Marks that the device may be behind, and bytes. */
const mostMarks = 8
const mostByteLength = 2 ** 28

/**
 * Keeps a program that never waits from filling the device's queue without end: it may be some
 * 1,000 submits ahead, or 256 MiB of arrays from the host, each of which the queue holds a copy of.
 * Few promises are made for that, one for every 128 submits or 64 MiB.
 */
export class Backlog {
  readonly #queue: GPUQueue
  #submits = 0
  #byteLength = 0
  /** Each resolves when the device has come as far; the oldest first. */
  readonly #marks: Promise<void>[] = []
  /** Bytes that were written before the marks. */
  #markedByteLength = 0

  constructor(queue: GPUQueue) {
    this.#queue = queue
  }

  /** Resolves when the queue takes more; undefined if it does now. */
  get room(): Promise<void> | undefined {
    const isFull = this.#marks.length >= mostMarks || this.#markedByteLength >= mostByteLength
    return isFull ? this.#marks[0] : undefined
  }

  /** Counts a submit. */
  add(): void {
    if (++this.#submits >= stride) this.#mark()
  }

  /** Counts bytes that the queue was given. */
  addBytes(byteLength: number): void {
    this.#byteLength += byteLength
    if (this.#byteLength >= strideByteLength) this.#mark()
  }

  // Apart, so that a submit without a mark makes no closure.
  #mark(): void {
    const byteLength = this.#byteLength
    const pass = () => {
      this.#marks.shift()
      this.#markedByteLength -= byteLength
    }
    this.#submits = 0
    this.#byteLength = 0
    this.#markedByteLength += byteLength
    // A device that is lost has nothing in its queue.
    this.#marks.push(this.#queue.onSubmittedWorkDone().then(pass, pass))
  }
}
