import { OutOfMemoryError } from '@tensorweft/core'
import { askForMemory, type DeviceMemory } from './device-memory.ts'
import { FreeRanges } from './free-ranges.ts'
import { bufferUsage } from './usage.ts'

/** Where arrays start: what storage bindings would want, and room for whole words. */
const granularity = 256

/** Bytes of the first slab and of the largest that several arrays share. */
export interface SlabSizes {
  readonly first: number
  readonly largest: number
}

export const usualSlabSizes: SlabSizes = { first: 2 ** 25, largest: 2 ** 28 }

/** Slabs are no larger than needed, but for this, while the device has no memory for more. */
const smallest = 2 ** 20

/** One GPUBuffer that many arrays share, so that a dispatch binds few buffers. */
export interface Slab {
  readonly memory: DeviceMemory
  readonly buffer: GPUBuffer
  readonly free: FreeRanges
  /** Bytes that arrays held when the device refused the slab. */
  heldAtRefusal: number
}

/** A part of a slab that belongs to one array. */
export interface Allocation {
  readonly slab: Slab
  readonly byteOffset: number
  readonly byteLength: number
  /** What the array needs of that. */
  readonly askedByteLength: number
}

/**
 * All memory of a device that arrays live in. Reuse is immediate: the queue runs what was submitted
 * in order, so whoever used a range before is done when the next one uses it.
 */
export class Slabs {
  readonly maxByteLength: number
  readonly #device: GPUDevice
  readonly #sizes: SlabSizes
  /** Destroys a buffer after everything that was enqueued so far. */
  readonly #destroyLater: (buffer: GPUBuffer) => void
  #slabs: Slab[] = []
  #heldByteLength = 0
  /** The most that was held a while ago, forgotten step by step. */
  #recentByteLength = 0
  /** Whether the device refused a slab, and has been given none back since. */
  #isTight = false

  constructor(
    device: GPUDevice,
    maxByteLength: number,
    sizes: SlabSizes,
    destroyLater: (buffer: GPUBuffer) => void,
  ) {
    this.#device = device
    this.#sizes = sizes
    this.maxByteLength = maxByteLength
    this.#destroyLater = destroyLater
  }

  allocate(op: string, askedByteLength: number): Allocation {
    const byteLength = Math.max(Math.ceil(askedByteLength / granularity), 1) * granularity
    if (byteLength > this.maxByteLength) {
      throw new OutOfMemoryError(op, {
        got: `a request for ${askedByteLength} bytes in one buffer`,
        wanted: `at most ${this.maxByteLength}, which the device allows`,
        hint: 'use a smaller batch, or split the tensor',
      })
    }
    this.#heldByteLength += byteLength
    this.#recentByteLength = Math.max(this.#recentByteLength, this.#heldByteLength)
    for (const slab of this.#slabs) {
      const isRefused = slab.memory.refusal !== undefined
      const byteOffset = isRefused ? undefined : slab.free.take(byteLength)
      if (byteOffset !== undefined) return { slab, byteOffset, byteLength, askedByteLength }
    }
    const slab = this.#grow(byteLength)
    return { slab, byteOffset: slab.free.take(byteLength) ?? 0, byteLength, askedByteLength }
  }

  release({ slab, byteOffset, byteLength }: Allocation): void {
    this.#heldByteLength -= byteLength
    slab.free.give(byteOffset, byteLength)
    if (!slab.free.isEmpty) return
    if (slab.memory.refusal !== undefined) this.#drop(slab)
    this.#recentByteLength = Math.max(this.#heldByteLength, this.#recentByteLength * (15 / 16))
    this.#dropEmpty(1.5 * this.#recentByteLength)
  }

  dispose(): void {
    for (const slab of this.#slabs) slab.buffer.destroy()
    this.#slabs = []
  }

  /**
   * Gives empty slabs back while all slabs have more than so many bytes; one is kept for what comes
   * next. A loop that makes and frees the same arrays again and again keeps its slabs.
   */
  #dropEmpty(mostBytes: number): void {
    let total = this.#slabs.reduce((sum, { memory }) => sum + memory.byteLength, 0)
    const empty = this.#slabs.filter(({ free }) => free.isEmpty)
    for (const slab of empty.slice(0, -1)) {
      if (total <= mostBytes) return
      total -= slab.memory.byteLength
      this.#drop(slab)
    }
  }

  #drop(slab: Slab): void {
    this.#slabs = this.#slabs.filter((other) => other !== slab)
    if (slab.memory.refusal === undefined) this.#isTight = false
    this.#destroyLater(slab.buffer)
  }

  /** A new slab, each twice as large as the one before up to a limit. */
  #grow(byteLength: number): Slab {
    const { first, largest } = this.#sizes
    const wanted = Math.min(first * 2 ** this.#slabs.length, largest, this.maxByteLength)
    const size = Math.max(this.#isTight ? Math.min(wanted, smallest) : wanted, byteLength)
    const usage = bufferUsage.storage | bufferUsage.copySource | bufferUsage.copyTarget
    const memory = askForMemory(this.#device, `slab of ${size} bytes`, size, usage)
    const slab: Slab = {
      memory,
      buffer: memory.buffer,
      free: new FreeRanges(size),
      heldAtRefusal: 0,
    }
    void memory.answered?.then(() => {
      if (memory.refusal === undefined) return
      this.#isTight = true
      this.#dropEmpty(0)
      slab.heldAtRefusal = this.#heldByteLength
    })
    this.#slabs.push(slab)
    return slab
  }
}

/** Why there is no memory behind an allocation, if the device has refused it. */
export function refusalOf(
  op: string,
  { slab, askedByteLength }: Allocation,
): OutOfMemoryError | undefined {
  const { refusal, byteLength } = slab.memory
  if (refusal === undefined) return undefined
  return new OutOfMemoryError(op, {
    got:
      `a request for ${askedByteLength} bytes, for which the device gives no buffer of ` +
      `${byteLength} while arrays hold ${slab.heldAtRefusal} bytes (${refusal})`,
    wanted: 'as much free memory on the device',
    hint: 'use a smaller batch, or dispose of tensors that are no longer needed',
  })
}
