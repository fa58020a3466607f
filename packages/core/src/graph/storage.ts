import type { Backend, BufferHandle, BufferView } from '../backend.ts'
import type { DType } from '../dtype.ts'
import type { Shape } from '../shape.ts'

/** What a buffer holds, for people. */
export interface BufferContent {
  readonly dtype: DType
  readonly shape: Shape
  /** The line that made it, where `debug({ origins: true })` was on. */
  readonly origin: string | undefined
}

/** A buffer that is allocated. */
export interface HeldBuffer {
  readonly byteLength: number
  readonly content: BufferContent | undefined
}

interface Held extends HeldBuffer {
  readonly backend: Backend
  readonly buffer: BufferHandle
}

// The records keep no storage alive, and storages that nothing can reach any more end their record.
const heldBy = new Map<Backend, Set<Held>>()
const collected = new FinalizationRegistry<Held>((held) => {
  forget(held)
  held.backend.free(held.buffer)
})

let heldByteLength = 0

/** Bytes of all buffers that are allocated now. */
export function heldBytes(): number {
  return heldByteLength
}

function note(held: Held): void {
  heldByteLength += held.byteLength
  const known = heldBy.get(held.backend)
  if (known === undefined) heldBy.set(held.backend, new Set([held]))
  else known.add(held)
}

function forget(held: Held): void {
  heldByteLength -= held.byteLength
  const known = heldBy.get(held.backend)
  known?.delete(held)
  if (known?.size === 0) heldBy.delete(held.backend)
}

/** Buffers that are allocated now, by backend. */
export function heldBuffers(): ReadonlyMap<Backend, ReadonlySet<HeldBuffer>> {
  return heldBy
}

/**
 * The buffer that holds a computed value. Freed when it is collected, or at once when everyone who
 * shares it has called `free`.
 */
export class Storage {
  readonly backend: Backend
  readonly byteLength: number
  #held: Held | undefined
  #holders = 1

  /** Allocates. Throws OutOfMemoryError where the backend does. */
  constructor(backend: Backend, byteLength: number, content?: BufferContent) {
    this.backend = backend
    this.byteLength = byteLength
    this.#held = { backend, byteLength, content, buffer: backend.allocate(byteLength) }
    note(this.#held)
    collected.register(this, this.#held, this)
  }

  /** The same storage for one more holder. */
  share(): Storage {
    this.#holders++
    return this
  }

  /** The buffer as the backend wants it, or undefined after `free`. */
  get view(): BufferView | undefined {
    if (this.#held === undefined) return undefined
    return { buffer: this.#held.buffer, byteOffset: 0, byteLength: this.byteLength }
  }

  free(): void {
    const held = this.#held
    if (held === undefined || --this.#holders > 0) return
    collected.unregister(this)
    this.#held = undefined
    forget(held)
    this.backend.free(held.buffer)
  }
}
