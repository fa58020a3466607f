import { arenaAlignment, BackendError, type BufferView, OutOfMemoryError } from '@tensorweft/core'
import { FreeList } from './free-list.ts'

const pageBytes = 65_536
/** What 32-bit addresses reach. */
export const maxPages = 65_536
/** Sizes and strides of one buffer stay within int32. */
export const maxBufferByteLength = 2 ** 31 - 1
/** Memory grows by at least a quarter of itself, up to this. */
const maxSpareBytes = 2 ** 26

/** What `allocate` hands out. A handle outlives its bytes only to say that it was freed. */
class WasmBuffer {
  address: number | undefined
  readonly byteLength: number

  constructor(address: number, byteLength: number) {
    this.address = address
    this.byteLength = byteLength
  }
}

function reserved(byteLength: number): number {
  return Math.max(Math.ceil(byteLength / arenaAlignment), 1) * arenaAlignment
}

type Held = Pick<BufferView, 'buffer'>

/** A place in the memory. */
export interface Range {
  readonly address: number
  readonly byteLength: number
}

/** The one growing memory of a backend, and who holds what in it. */
export class Memory {
  readonly wasm: WebAssembly.Memory
  readonly limitPages: number
  readonly isShared: boolean
  readonly #free = new FreeList()
  readonly #owned = new WeakSet<WasmBuffer>()
  /** What a run that broke off has left behind. */
  readonly #lost = new Map<object, Error>()
  #bufferBytes = 0
  #executableBytes = 0
  /** What each executable needs of it. */
  readonly #scratchNeeds: number[] = []
  #scratch: Range = { address: 0, byteLength: 0 }
  #bytes: Uint8Array<ArrayBuffer>

  constructor(limitPages: number, isShared = false) {
    this.limitPages = limitPages
    this.isShared = isShared
    this.wasm = new WebAssembly.Memory({ initial: 1, maximum: limitPages, shared: isShared })
    this.#bytes = new Uint8Array(this.wasm.buffer)
    // Address 0 stays unused, as a sign of what was never set.
    this.#free.give(arenaAlignment, pageBytes - arenaAlignment)
  }

  /** All bytes, as long as the memory does not grow. */
  get bytes(): Uint8Array<ArrayBuffer> {
    if (this.#bytes.byteLength === 0) this.#bytes = new Uint8Array(this.wasm.buffer)
    return this.#bytes
  }

  allocate(byteLength: number): object {
    const buffer = new WasmBuffer(this.#take('allocate', byteLength), byteLength)
    this.#owned.add(buffer)
    this.#bufferBytes += reserved(byteLength)
    return buffer
  }

  /** Makes a handle invalid. Its bytes are free once the function that is returned was called. */
  retire(handle: object): () => void {
    const buffer = this.#resolve('free', handle)
    const address = this.#addressOf('free', buffer)
    buffer.address = undefined
    return () => {
      this.#lost.delete(buffer)
      this.#free.give(address, reserved(buffer.byteLength))
      this.#bufferBytes -= reserved(buffer.byteLength)
    }
  }

  /** Bytes that belong to nobody's handle: what an executable needs besides its operands. */
  take(byteLength: number): number {
    const address = this.#take('compile', byteLength)
    this.#executableBytes += reserved(byteLength)
    return address
  }

  /** Gives back what `take` gave. */
  give(address: number, byteLength: number): void {
    this.#free.give(address, reserved(byteLength))
    this.#executableBytes -= reserved(byteLength)
  }

  /**
   * Memory for the time of a run, which all executables share: at least so much, until
   * `releaseScratch`. What it was before is free once the function that is returned was called.
   */
  reserveScratch(byteLength: number): () => void {
    const before = this.#scratch
    const isEnough = byteLength <= before.byteLength
    if (!isEnough) this.#scratch = { address: this.take(byteLength), byteLength }
    this.#scratchNeeds.push(byteLength)
    return () => {
      if (!isEnough && before.byteLength > 0) this.give(before.address, before.byteLength)
    }
  }

  /** Ends a reservation while nothing runs: what nobody else needs is free. */
  releaseScratch(byteLength: number): void {
    const needs = this.#scratchNeeds
    needs.splice(needs.indexOf(byteLength), 1)
    const { address, byteLength: held } = this.#scratch
    const rest = Math.max(0, ...needs)
    if (rest === held) return
    this.give(address, held)
    // Never more than was given back: this does not fail.
    this.#scratch = { address: rest && this.take(rest), byteLength: rest }
  }

  get scratch(): number {
    return this.#scratch.address
  }

  /** The place from `byteOffset` on, to the end of the buffer where `byteLength` is undefined. */
  range(op: string, handle: object, byteOffset: number, byteLength?: number): Range {
    const buffer = this.#resolve(op, handle)
    const length = byteLength ?? Math.max(buffer.byteLength - byteOffset, 0)
    return { address: this.#inRange(op, buffer, byteOffset, length), byteLength: length }
  }

  /** The bytes of a place, as long as the memory does not grow. */
  bytesOf({ address, byteLength }: Range): Uint8Array {
    return this.bytes.subarray(address, address + byteLength)
  }

  /** Says that what buffers hold was lost, or, without an error, that it is there again. */
  mark(views: readonly Held[], error: Error | undefined): void {
    if (error === undefined && this.#lost.size === 0) return
    for (const { buffer } of views) {
      if (error === undefined) this.#lost.delete(buffer)
      else this.#lost.set(buffer, error)
    }
  }

  /** Throws the error of the first of some buffers whose content was lost. */
  checkIntact(views: readonly Held[]): void {
    if (this.#lost.size === 0) return
    for (const { buffer } of views) {
      const error = this.#lost.get(buffer)
      if (error !== undefined) throw error
    }
  }

  /** Address of a view that must hold at least `byteLength` bytes. */
  locate(op: string, view: BufferView, byteLength: number): number {
    if (view.byteLength < byteLength) {
      throw new BackendError(`wasm.${op}`, {
        got: `a view of ${view.byteLength} bytes`,
        wanted: `at least the ${byteLength} bytes of the plan's array`,
      })
    }
    return this.#inRange(op, this.#resolve(op, view.buffer), view.byteOffset, byteLength)
  }

  #take(op: string, byteLength: number): number {
    if (!Number.isInteger(byteLength) || byteLength < 0) {
      throw new BackendError(`wasm.${op}`, {
        got: `${byteLength} bytes`,
        wanted: 'a whole number of bytes, 0 or more',
      })
    }
    if (byteLength > maxBufferByteLength) throw this.#outOfMemory(op, byteLength)
    const size = reserved(byteLength)
    const known = this.#free.take(size)
    if (known !== undefined) return known
    this.#grow(op, size)
    const address = this.#free.take(size)
    if (address === undefined) throw this.#outOfMemory(op, byteLength)
    return address
  }

  /** Grows until `size` bytes are free at the end. */
  #grow(op: string, size: number): void {
    const total = this.bytes.byteLength
    const missing = Math.ceil((size - this.#free.tail(total)) / pageBytes)
    const room = this.limitPages - total / pageBytes
    const spare = Math.floor(Math.min(total / 4, maxSpareBytes) / pageBytes)
    if (missing > room) throw this.#outOfMemory(op, size)
    const pages = this.#tryGrow(Math.min(Math.max(missing, spare), room)) ?? this.#tryGrow(missing)
    if (pages === undefined) throw this.#outOfMemory(op, size)
    this.#bytes = new Uint8Array(this.wasm.buffer)
    this.#free.give(total, pages * pageBytes)
  }

  #tryGrow(pages: number): number | undefined {
    try {
      this.wasm.grow(pages)
      return pages
    } catch {
      return undefined
    }
  }

  #outOfMemory(op: string, byteLength: number): OutOfMemoryError {
    const held = `buffers hold ${this.#bufferBytes} and compiled plans ${this.#executableBytes}`
    return new OutOfMemoryError(`wasm.${op}`, {
      got: `a request for ${byteLength} bytes while ${held} of ${this.bytes.byteLength}`,
      wanted: `at most ${maxBufferByteLength} in one piece and ${this.limitPages * pageBytes} in all`,
      hint: 'use a smaller batch, or dispose of tensors that are no longer needed',
    })
  }

  #resolve(op: string, handle: object): WasmBuffer {
    if (handle instanceof WasmBuffer && this.#owned.has(handle)) return handle
    throw new BackendError(`wasm.${op}`, {
      got: 'a buffer that this backend did not allocate',
      wanted: 'a buffer of the same backend instance',
      hint: 'read it from the backend that owns it and write it to a buffer of this one',
    })
  }

  #addressOf(op: string, buffer: WasmBuffer): number {
    if (buffer.address !== undefined) return buffer.address
    throw new BackendError(`wasm.${op}`, {
      got: `a buffer of ${buffer.byteLength} bytes that was freed`,
      wanted: 'a buffer that is still allocated',
    })
  }

  #inRange(op: string, buffer: WasmBuffer, byteOffset: number, byteLength: number): number {
    const address = this.#addressOf(op, buffer)
    const whole = Number.isInteger(byteOffset) && Number.isInteger(byteLength)
    if (whole && byteOffset >= 0 && byteLength >= 0) {
      if (byteOffset + byteLength <= buffer.byteLength) return address + byteOffset
    }
    throw new BackendError(`wasm.${op}`, {
      got: `${byteLength} bytes at byte ${byteOffset} of a buffer of ${buffer.byteLength} bytes`,
      wanted: 'a range inside the buffer',
    })
  }
}
