import { ownLabel } from './memory/labels.ts'
import { bufferUsage } from './memory/usage.ts'

/** The words that the kernels of a plan are given with a run; only those that changed are written. */
export class Uniforms {
  readonly buffer: GPUBuffer
  readonly #words: Uint32Array<ArrayBuffer>
  /** The range that is not on the device yet. */
  #start = 0
  #end: number

  constructor(device: GPUDevice, byteLength: number) {
    this.buffer = device.createBuffer({
      label: `${ownLabel} params`,
      size: Math.max(byteLength, 16),
      usage: bufferUsage.uniform | bufferUsage.copyTarget,
    })
    this.#words = new Uint32Array(byteLength / 4)
    this.#end = this.#words.length
  }

  set(at: number, value: number): void {
    const word = value >>> 0
    if (this.#words[at] === word) return
    this.#words[at] = word
    if (at < this.#start) this.#start = at
    if (at >= this.#end) this.#end = at + 1
  }

  /** Writes what changed since the last time, after everything that was submitted. */
  upload(queue: GPUQueue): void {
    if (this.#start >= this.#end) return
    const count = this.#end - this.#start
    queue.writeBuffer(this.buffer, this.#start * 4, this.#words, this.#start, count)
    this.#start = this.#words.length
    this.#end = 0
  }
}
