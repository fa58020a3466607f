import type { Backend } from '../backend.ts'
import { planMemory } from '../execution/plan-cache.ts'
import { type HeldBuffer, heldBuffers } from '../graph/storage.ts'

/** What one backend holds. */
export interface BackendMemory {
  readonly name: string
  /** Bytes and number of the buffers that hold values of tensors and parameters. */
  readonly bytes: number
  readonly buffers: number
  /** Bytes of scratch memory of the compiled plans that are kept, and their number. */
  readonly planBytes: number
  readonly plans: number
  /** The largest buffers, largest first. */
  readonly largest: readonly HeldBuffer[]
}

/** What is held now. */
export interface MemoryReport {
  readonly bytes: number
  readonly buffers: number
  /** Each backend that holds something. */
  readonly backends: readonly BackendMemory[]
}

const listed = 10

/**
 * The memory that values take now, by backend: bytes, buffers, and who holds most. Tensors that have
 * not been computed or uploaded take none. With `debug({ origins: true })` each buffer says which
 * line made it.
 *
 * @example
 * ```ts
 * const x = ones([256, 256])
 * await realize(x)
 * const { bytes, backends } = memory()
 * console.log(bytes >= 4 * 256 * 256, backends[0]?.largest[0]?.content?.shape) // true [256, 256]
 * ```
 */
export function memory(): MemoryReport {
  const backends = [...heldBuffers()].map(([backend, buffers]) => reportOf(backend, [...buffers]))
  return {
    bytes: backends.reduce((sum, { bytes }) => sum + bytes, 0),
    buffers: backends.reduce((sum, { buffers }) => sum + buffers, 0),
    backends,
  }
}

function reportOf(backend: Backend, buffers: HeldBuffer[]): BackendMemory {
  const plans = planMemory(backend)
  const largest = buffers.sort((a, b) => b.byteLength - a.byteLength).slice(0, listed)
  return {
    name: backend.name,
    bytes: buffers.reduce((sum, { byteLength }) => sum + byteLength, 0),
    buffers: buffers.length,
    planBytes: plans.byteLength,
    plans: plans.plans,
    largest: largest.map(({ byteLength, content }) => ({ byteLength, content })),
  }
}
