import { BackendError, type BufferView, OutOfMemoryError } from '@tensorweft/core'

/** Largest buffer asked of the JavaScript engine; engines differ, none common gives less. */
export const maxBufferByteLength = 2 ** 31 - 1

/** Freed memory that is kept for the next buffer of the same size. */
const maxPooledByteLength = 2 ** 28

/** What `allocate` hands out. It outlives its memory only to say that it was freed. */
class CpuBuffer {
  memory: ArrayBuffer | undefined
  readonly byteLength: number

  constructor(memory: ArrayBuffer) {
    this.memory = memory
    this.byteLength = memory.byteLength
  }
}

/** All buffers of one backend. Freed ones are kept for the next request of exactly that size. */
export class Memory {
  private readonly owned = new WeakSet<CpuBuffer>()
  private readonly pool = new Map<number, ArrayBuffer[]>()
  private pooledByteLength = 0
  private heldByteLength = 0

  allocate(byteLength: number): object {
    const buffer = new CpuBuffer(this.take('allocate', byteLength))
    this.owned.add(buffer)
    return buffer
  }

  free(handle: object): void {
    const buffer = this.resolve('free', handle)
    this.give(memoryOf('free', buffer))
    buffer.memory = undefined
  }

  /** The bytes from `byteOffset` on, to the end of the buffer where `byteLength` is undefined. */
  bytes(op: string, handle: object, byteOffset: number, byteLength?: number): Uint8Array {
    const buffer = this.resolve(op, handle)
    const length = byteLength ?? Math.max(buffer.byteLength - byteOffset, 0)
    return new Uint8Array(memoryInRange(op, buffer, byteOffset, length), byteOffset, length)
  }

  /** The memory behind a view that must hold at least `byteLength` bytes. */
  memoryOf(op: string, view: BufferView, byteLength: number): ArrayBuffer {
    if (view.byteLength < byteLength) {
      throw new BackendError(`cpu.${op}`, {
        got: `a view of ${view.byteLength} bytes`,
        wanted: `at least the ${byteLength} bytes of the plan's array`,
      })
    }
    return memoryInRange(op, this.resolve(op, view.buffer), view.byteOffset, byteLength)
  }

  /** Memory without a handle: the arena of an executable. */
  take(op: string, byteLength: number): ArrayBuffer {
    if (!Number.isInteger(byteLength) || byteLength < 0) {
      throw new BackendError(`cpu.${op}`, {
        got: `${byteLength} bytes`,
        wanted: 'a whole number of bytes, 0 or more',
      })
    }
    const pooled = this.pool.get(byteLength)?.pop()
    if (pooled !== undefined) this.pooledByteLength -= byteLength
    const memory = pooled ?? this.create(op, byteLength)
    this.heldByteLength += byteLength
    return memory
  }

  /** Gives back what `take` gave. */
  give(memory: ArrayBuffer): void {
    const { byteLength } = memory
    this.heldByteLength -= byteLength
    if (this.pooledByteLength + byteLength > maxPooledByteLength) return
    const pooled = this.pool.get(byteLength)
    if (pooled === undefined) this.pool.set(byteLength, [memory])
    else pooled.push(memory)
    this.pooledByteLength += byteLength
  }

  /** Drops the memory that is kept for reuse. */
  drain(): void {
    this.pool.clear()
    this.pooledByteLength = 0
  }

  private create(op: string, byteLength: number): ArrayBuffer {
    if (byteLength > maxBufferByteLength) throw this.outOfMemory(op, byteLength, undefined)
    try {
      return new ArrayBuffer(byteLength)
    } catch {
      this.drain()
    }
    try {
      return new ArrayBuffer(byteLength)
    } catch (cause) {
      throw this.outOfMemory(op, byteLength, cause)
    }
  }

  private outOfMemory(op: string, byteLength: number, cause: unknown): OutOfMemoryError {
    return new OutOfMemoryError(`cpu.${op}`, {
      got: `a request for ${byteLength} bytes while ${this.heldByteLength} are held`,
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
      hint: 'use the backend that allocated it',
    })
  }
}

function memoryOf(op: string, { memory, byteLength }: CpuBuffer): ArrayBuffer {
  if (memory !== undefined) return memory
  throw new BackendError(`cpu.${op}`, {
    got: `a buffer of ${byteLength} bytes that was freed`,
    wanted: 'a buffer that is still allocated',
  })
}

function memoryInRange(
  op: string,
  buffer: CpuBuffer,
  byteOffset: number,
  byteLength: number,
): ArrayBuffer {
  const memory = memoryOf(op, buffer)
  const isWhole = Number.isInteger(byteOffset) && Number.isInteger(byteLength)
  const isInside =
    byteOffset >= 0 && byteLength >= 0 && byteOffset + byteLength <= memory.byteLength
  if (isWhole && isInside) return memory
  throw new BackendError(`cpu.${op}`, {
    got: `${byteLength} bytes at byte ${byteOffset} of a buffer of ${memory.byteLength} bytes`,
    wanted: 'a range inside the buffer',
  })
}
