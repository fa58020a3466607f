import { BackendError, type BufferView, type TensorweftError } from '@tensorweft/core'
import { type Allocation, refusalOf, type Slabs } from './slabs.ts'

/** What `allocate` hands out. A handle outlives its memory only to say that it was freed. */
export class WebGpuBuffer {
  readonly byteLength: number
  allocation: Allocation | undefined
  /** The allocation, also when it was freed: what was enqueued before may still ask for its fault. */
  readonly #made: Allocation
  #fault: TensorweftError | undefined

  constructor(byteLength: number, allocation: Allocation) {
    this.byteLength = byteLength
    this.allocation = allocation
    this.#made = allocation
  }

  /**
   * Why the contents are not what they should be: the device has no memory for them, or the plan
   * that was to write them failed.
   */
  get fault(): TensorweftError | undefined {
    return this.refusal ?? this.#fault
  }

  set fault(fault: TensorweftError | undefined) {
    this.#fault = fault
  }

  /** Why there is no memory, once the device has refused it. */
  get refusal(): TensorweftError | undefined {
    return refusalOf('webgpu.allocate', this.#made)
  }
}

/** A range of a live buffer. */
export interface Place {
  readonly buffer: WebGpuBuffer
  readonly allocation: Allocation
  /** From the start of the slab. */
  readonly byteOffset: number
}

/** The handles of one backend. */
export class Buffers {
  readonly #slabs: Slabs
  readonly #owned = new WeakSet<WebGpuBuffer>()

  constructor(slabs: Slabs) {
    this.#slabs = slabs
  }

  allocate(byteLength: number): WebGpuBuffer {
    if (!Number.isInteger(byteLength) || byteLength < 0) {
      throw new BackendError('webgpu.allocate', {
        got: `${byteLength} bytes`,
        wanted: 'a whole number of bytes, 0 or more',
      })
    }
    const allocation = this.#slabs.allocate('webgpu.allocate', byteLength)
    const buffer = new WebGpuBuffer(byteLength, allocation)
    this.#owned.add(buffer)
    return buffer
  }

  free(handle: object): void {
    const { buffer, allocation } = this.place('free', handle, 0, 0)
    this.#slabs.release(allocation)
    buffer.allocation = undefined
  }

  /** Where a range of a buffer lies. */
  place(op: string, handle: object, byteOffset: number, byteLength: number): Place {
    const buffer = this.resolve(op, handle)
    const { allocation } = buffer
    if (allocation === undefined) {
      throw new BackendError(`webgpu.${op}`, {
        got: `a buffer of ${buffer.byteLength} bytes that was freed`,
        wanted: 'a buffer that is still allocated',
      })
    }
    const isWhole = Number.isInteger(byteOffset) && Number.isInteger(byteLength)
    const isInside = byteOffset >= 0 && byteLength >= 0
    if (!isWhole || !isInside || byteOffset + byteLength > buffer.byteLength) {
      throw new BackendError(`webgpu.${op}`, {
        got: `${byteLength} bytes at byte ${byteOffset} of a buffer of ${buffer.byteLength} bytes`,
        wanted: 'a range inside the buffer',
      })
    }
    return { buffer, allocation, byteOffset: allocation.byteOffset + byteOffset }
  }

  /** The buffer of a view that must hold at least `byteLength` bytes and start at a vector of four words. */
  viewed(op: string, view: BufferView, byteLength: number): WebGpuBuffer {
    if (view.byteLength < byteLength || view.byteOffset % 16 !== 0) {
      throw new BackendError(`webgpu.${op}`, {
        got: `a view of ${view.byteLength} bytes at byte ${view.byteOffset}`,
        wanted: `at least the ${byteLength} bytes of the plan's array, at a multiple of 16`,
      })
    }
    const buffer = this.resolve(op, view.buffer)
    const isInside = view.byteOffset >= 0 && view.byteOffset + byteLength <= buffer.byteLength
    // Says what is wrong; a place of each view would be garbage of every run.
    if (buffer.allocation === undefined || !isInside) {
      this.place(op, view.buffer, view.byteOffset, byteLength)
    }
    return buffer
  }

  resolve(op: string, handle: object): WebGpuBuffer {
    if (handle instanceof WebGpuBuffer && this.#owned.has(handle)) return handle
    throw new BackendError(`webgpu.${op}`, {
      got: 'a buffer that this backend did not allocate',
      wanted: 'a buffer of the same backend instance',
      hint: 'read it from the backend that owns it and write it to a buffer of this one',
    })
  }
}
