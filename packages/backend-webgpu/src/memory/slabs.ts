import { OutOfMemoryError, type TensorweftError } from '@tensorweft/core'
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

/** One GPUBuffer that many arrays share, so that a dispatch binds few buffers. */
export interface Slab {
  readonly buffer: GPUBuffer
  readonly byteLength: number
  readonly free: FreeRanges
  /** Resolves when the device has answered: with an error if it had no memory. */
  readonly created: Promise<TensorweftError | undefined>
  fault: TensorweftError | undefined
}

/** A part of a slab that belongs to one array. */
export interface Allocation {
  readonly slab: Slab
  readonly byteOffset: number
  readonly byteLength: number
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

  allocate(op: string, byteLength: number): Allocation {
    const length = Math.max(Math.ceil(byteLength / granularity), 1) * granularity
    if (length > this.maxByteLength) {
      throw new OutOfMemoryError(op, {
        got: `a request for ${byteLength} bytes in one buffer`,
        wanted: `at most ${this.maxByteLength}, which the device allows`,
        hint: 'use a smaller batch, or split the tensor',
      })
    }
    this.#heldByteLength += length
    for (const slab of this.#slabs) {
      const byteOffset = slab.fault === undefined ? slab.free.take(length) : undefined
      if (byteOffset !== undefined) return { slab, byteOffset, byteLength: length }
    }
    const slab = this.#grow(op, length)
    return { slab, byteOffset: slab.free.take(length) ?? 0, byteLength: length }
  }

  release({ slab, byteOffset, byteLength }: Allocation): void {
    this.#heldByteLength -= byteLength
    slab.free.give(byteOffset, byteLength)
    if (!slab.free.isEmpty) return
    // One empty slab is kept for what comes next.
    for (const other of this.#slabs) {
      if (other !== slab && other.free.isEmpty) this.#drop(other)
    }
    if (slab.fault !== undefined) this.#drop(slab)
  }

  dispose(): void {
    for (const slab of this.#slabs) slab.buffer.destroy()
    this.#slabs = []
  }

  #drop(slab: Slab): void {
    this.#slabs = this.#slabs.filter((other) => other !== slab)
    this.#destroyLater(slab.buffer)
  }

  /** A new slab, each twice as large as the one before up to a limit. */
  #grow(op: string, length: number): Slab {
    const { first, largest } = this.#sizes
    const wanted = Math.min(first * 2 ** this.#slabs.length, largest)
    const byteLength = Math.max(Math.min(wanted, this.maxByteLength), length)
    this.#device.pushErrorScope('out-of-memory')
    const buffer = this.#device.createBuffer({
      label: `tensorweft slab of ${byteLength} bytes`,
      size: byteLength,
      usage: bufferUsage.storage | bufferUsage.copySource | bufferUsage.copyTarget,
    })
    const created = this.#device.popErrorScope().then(
      (error) => {
        if (error !== null) slab.fault = this.#outOfMemory(op, byteLength, error.message)
        return slab.fault
      },
      () => undefined,
    )
    const slab: Slab = {
      buffer,
      byteLength,
      free: new FreeRanges(byteLength),
      created,
      fault: undefined,
    }
    this.#slabs.push(slab)
    return slab
  }

  #outOfMemory(op: string, byteLength: number, message: string): OutOfMemoryError {
    return new OutOfMemoryError(op, {
      got: `a request for ${byteLength} bytes while arrays hold ${this.#heldByteLength} (${message})`,
      wanted: 'as much free memory on the device',
      hint: 'use a smaller batch, or dispose of tensors that are no longer needed',
    })
  }
}
