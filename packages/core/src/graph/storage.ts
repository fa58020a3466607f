import type { Backend, BufferHandle, BufferView } from '../backend.ts'

interface Held {
  readonly backend: Backend
  readonly buffer: BufferHandle
}

// Frees buffers of storages that nothing can reach any more.
const collected = new FinalizationRegistry<Held>(({ backend, buffer }) => backend.free(buffer))

/**
 * The buffer that holds a computed value. Freed when it is collected, or at once when everyone who
 * shares it has called `free`.
 */
export class Storage {
  readonly backend: Backend
  readonly byteLength: number
  #buffer: BufferHandle | undefined
  #holders = 1

  constructor(backend: Backend, byteLength: number, buffer = backend.allocate(byteLength)) {
    this.backend = backend
    this.byteLength = byteLength
    this.#buffer = buffer
    collected.register(this, { backend, buffer }, this)
  }

  /** The same storage for one more holder. */
  share(): Storage {
    this.#holders++
    return this
  }

  /** The buffer as the backend wants it, or undefined after `free`. */
  get view(): BufferView | undefined {
    if (this.#buffer === undefined) return undefined
    return { buffer: this.#buffer, byteOffset: 0, byteLength: this.byteLength }
  }

  free(): void {
    if (this.#buffer === undefined || --this.#holders > 0) return
    collected.unregister(this)
    this.backend.free(this.#buffer)
    this.#buffer = undefined
  }
}
