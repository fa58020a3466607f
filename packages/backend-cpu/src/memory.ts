import {
  BackendError,
  type BufferView,
  byteLengthOf,
  type DType,
  OutOfMemoryError,
  type TypedArray,
  viewTypedArray,
} from '@tensorweft/core'

/** Largest buffer asked of the JavaScript engine; engines differ, none common gives less. */
export const maxBufferByteLength = 2 ** 31 - 1

/** Freed memory that is kept for the next buffer of the same size. */
const maxPooledByteLength = 2 ** 28

/** An ArrayBuffer and the typed arrays that have been made on it so far. */
export class Storage {
  readonly bytes: ArrayBuffer
  private readonly arrays: { dtype: DType; byteOffset: number; array: TypedArray }[] = []

  constructor(bytes: ArrayBuffer) {
    this.bytes = bytes
  }

  /** `size` elements of `dtype` from `byteOffset` on. A plan asks for the same few in every run. */
  view(dtype: DType, byteOffset: number, size: number): TypedArray {
    for (const known of this.arrays) {
      if (known.dtype === dtype && known.byteOffset === byteOffset && known.array.length === size) {
        return known.array
      }
    }
    if (byteOffset % byteLengthOf(dtype) !== 0) {
      throw new BackendError('cpu', {
        got: `a ${dtype} array at byte ${byteOffset} of a buffer`,
        wanted: `an offset that is a multiple of ${byteLengthOf(dtype)}`,
      })
    }
    if (byteOffset + byteLengthOf(dtype, size) > this.bytes.byteLength) {
      throw new BackendError('cpu', {
        got: `${size} ${dtype} elements at byte ${byteOffset} of ${this.bytes.byteLength} bytes`,
        wanted: 'a range inside the buffer',
      })
    }
    const array = viewTypedArray(dtype, this.bytes, byteOffset, size)
    if (this.arrays.length === 16) this.arrays.shift()
    this.arrays.push({ dtype, byteOffset, array })
    return array
  }
}

/** What `allocate` hands out. A handle outlives its storage only to say that it was freed. */
class CpuBuffer {
  storage: Storage | undefined
  readonly byteLength: number

  constructor(storage: Storage, byteLength: number) {
    this.storage = storage
    this.byteLength = byteLength
  }
}

function createStorage(byteLength: number): Storage {
  return new Storage(new ArrayBuffer(byteLength))
}

/** All buffers of one backend. Freed ones are kept for the next request of exactly that size. */
export class Memory {
  private readonly owned = new WeakSet<CpuBuffer>()
  private readonly pool = new Map<number, Storage[]>()
  private pooledByteLength = 0
  private heldByteLength = 0

  allocate(byteLength: number): object {
    const buffer = new CpuBuffer(this.take('allocate', byteLength), byteLength)
    this.owned.add(buffer)
    this.heldByteLength += byteLength
    return buffer
  }

  free(handle: object): void {
    const buffer = this.resolve('free', handle)
    this.give(this.storageOf('free', buffer))
    buffer.storage = undefined
    this.heldByteLength -= buffer.byteLength
  }

  /** The bytes from `byteOffset` on, to the end of the buffer where `byteLength` is undefined. */
  bytes(op: string, handle: object, byteOffset: number, byteLength?: number): Uint8Array {
    const buffer = this.resolve(op, handle)
    const length = byteLength ?? Math.max(buffer.byteLength - byteOffset, 0)
    return new Uint8Array(this.inRange(op, buffer, byteOffset, length).bytes, byteOffset, length)
  }

  /** The storage behind a view that must hold at least `byteLength` bytes. */
  storage(op: string, view: BufferView, byteLength: number): Storage {
    if (view.byteLength < byteLength) {
      throw new BackendError(`cpu.${op}`, {
        got: `a view of ${view.byteLength} bytes`,
        wanted: `at least the ${byteLength} bytes of the plan's array`,
      })
    }
    return this.inRange(op, this.resolve(op, view.buffer), view.byteOffset, byteLength)
  }

  /** Storage that belongs to nobody's handle: the arena of an executable. */
  take(op: string, byteLength: number): Storage {
    if (!Number.isInteger(byteLength) || byteLength < 0) {
      throw new BackendError(`cpu.${op}`, {
        got: `${byteLength} bytes`,
        wanted: 'a whole number of bytes, 0 or more',
      })
    }
    const pooled = this.pool.get(byteLength)?.pop()
    if (pooled === undefined) return this.create(op, byteLength)
    this.pooledByteLength -= byteLength
    return pooled
  }

  /** Gives back what `take` gave. */
  give(storage: Storage): void {
    const { byteLength } = storage.bytes
    if (this.pooledByteLength + byteLength > maxPooledByteLength) return
    const pooled = this.pool.get(byteLength)
    if (pooled === undefined) this.pool.set(byteLength, [storage])
    else pooled.push(storage)
    this.pooledByteLength += byteLength
  }

  /** Drops the memory that is kept for reuse. */
  drain(): void {
    this.pool.clear()
    this.pooledByteLength = 0
  }

  private create(op: string, byteLength: number): Storage {
    if (byteLength <= maxBufferByteLength) {
      try {
        return createStorage(byteLength)
      } catch {
        this.drain()
      }
      try {
        return createStorage(byteLength)
      } catch (cause) {
        throw this.outOfMemory(op, byteLength, cause)
      }
    }
    throw this.outOfMemory(op, byteLength, undefined)
  }

  private outOfMemory(op: string, byteLength: number, cause: unknown): OutOfMemoryError {
    return new OutOfMemoryError(`cpu.${op}`, {
      got: `a request for ${byteLength} bytes while buffers hold ${this.heldByteLength}`,
      wanted: `at most ${maxBufferByteLength} bytes in one piece, and as much free memory`,
      hint: 'use a smaller batch, or dispose of tensors that are no longer needed',
      cause,
    })
  }

  private resolve(op: string, handle: object): CpuBuffer {
    if (handle instanceof CpuBuffer && this.owned.has(handle)) return handle
    throw new BackendError(`cpu.${op}`, {
      got: 'a buffer that this backend did not allocate',
      wanted: 'a buffer of the same backend instance',
      hint: 'read it from the backend that owns it and write it to a buffer of this one',
    })
  }

  private storageOf(op: string, buffer: CpuBuffer): Storage {
    if (buffer.storage !== undefined) return buffer.storage
    throw new BackendError(`cpu.${op}`, {
      got: `a buffer of ${buffer.byteLength} bytes that was freed`,
      wanted: 'a buffer that is still allocated',
    })
  }

  private inRange(op: string, buffer: CpuBuffer, byteOffset: number, byteLength: number): Storage {
    const storage = this.storageOf(op, buffer)
    const whole = Number.isInteger(byteOffset) && Number.isInteger(byteLength)
    if (whole && byteOffset >= 0 && byteLength >= 0) {
      if (byteOffset + byteLength <= buffer.byteLength) return storage
    }
    throw new BackendError(`cpu.${op}`, {
      got: `${byteLength} bytes at byte ${byteOffset} of a buffer of ${buffer.byteLength} bytes`,
      wanted: 'a range inside the buffer',
    })
  }
}
