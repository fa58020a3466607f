import type { Backend, BufferHandle, BufferView, Executable, Plan } from '@tensorweft/core'
import { planTraffic } from './kernel-traffic.ts'

/** What a backend was asked to do since the last reset, and what it holds. */
export interface BackendRecord {
  /** Kernels run. */
  readonly dispatches: number
  /** Plans run. */
  readonly runs: number
  readonly plansCompiled: number
  /** Bytes of the arrays that kernels read, see `kernelTraffic`. */
  readonly bytesRead: number
  readonly bytesWritten: number
  /** Bytes copied to the backend and back by `write` and `read`. */
  readonly bytesUploaded: number
  readonly bytesDownloaded: number
  /** Bytes in buffers and in the arenas of compiled plans now. */
  readonly bytesHeld: number
  /** The most bytes held at any time since the reset. */
  readonly peakBytes: number
  readonly buffersHeld: number
}

/** A backend that counts. */
export interface RecordingBackend extends Backend {
  readonly record: BackendRecord
  /** Plans compiled since the last reset. */
  readonly plans: readonly Plan[]
  /** Starts counting again; what is held stays held. */
  resetRecord(): void
}

type Counters = { -readonly [K in keyof BackendRecord]: number }

/**
 * The same backend, counting dispatches, bytes and plans. It has a plan cache of its own.
 *
 * @example
 * ```ts
 * const backend = recordBackend(cpu())
 * await setBackend(backend)
 * await tensor([1, 2, 3]).square().sum().item()
 * console.log(backend.record.dispatches) // 1
 * ```
 */
export function recordBackend(backend: Backend): RecordingBackend {
  return new CountingBackend(backend)
}

class CountingBackend implements RecordingBackend {
  plans: readonly Plan[] = []
  readonly #inner: Backend
  readonly #sizes = new Map<BufferHandle, number>()
  readonly #counters: Counters = emptyCounters()

  constructor(inner: Backend) {
    this.#inner = inner
  }

  get name() {
    return this.#inner.name
  }

  get capabilities() {
    return this.#inner.capabilities
  }

  get record(): BackendRecord {
    return { ...this.#counters }
  }

  resetRecord(): void {
    const { bytesHeld, buffersHeld } = this.#counters
    Object.assign(this.#counters, emptyCounters(), { bytesHeld, buffersHeld, peakBytes: bytesHeld })
    this.plans = []
  }

  allocate(byteLength: number): BufferHandle {
    const buffer = this.#inner.allocate(byteLength)
    this.#sizes.set(buffer, byteLength)
    this.#counters.buffersHeld++
    this.#hold(byteLength)
    return buffer
  }

  free(buffer: BufferHandle): void {
    this.#inner.free(buffer)
    const byteLength = this.#sizes.get(buffer)
    if (byteLength === undefined) return
    this.#sizes.delete(buffer)
    this.#counters.buffersHeld--
    this.#hold(-byteLength)
  }

  write(buffer: BufferHandle, bytes: Uint8Array, byteOffset?: number): void {
    this.#inner.write(buffer, bytes, byteOffset)
    this.#counters.bytesUploaded += bytes.byteLength
  }

  async read(buffer: BufferHandle, byteOffset?: number, byteLength?: number): Promise<Uint8Array> {
    const bytes = await this.#inner.read(buffer, byteOffset, byteLength)
    this.#counters.bytesDownloaded += bytes.byteLength
    return bytes
  }

  compile(plan: Plan): Executable {
    const executable = this.#inner.compile(plan)
    this.plans = [...this.plans, plan]
    this.#counters.plansCompiled++
    this.#hold(plan.arenaByteLength)
    return new CountingExecutable(executable, plan, this.#counters, (bytes) => this.#hold(bytes))
  }

  finish(): Promise<void> {
    return this.#inner.finish()
  }

  dispose(): Promise<void> {
    return this.#inner.dispose()
  }

  #hold(byteLength: number): void {
    this.#counters.bytesHeld += byteLength
    this.#counters.peakBytes = Math.max(this.#counters.peakBytes, this.#counters.bytesHeld)
  }
}

class CountingExecutable implements Executable {
  readonly #inner: Executable
  readonly #plan: Plan
  readonly #counters: Counters
  readonly #hold: (byteLength: number) => void
  readonly #traffic: { readonly bytesRead: number; readonly bytesWritten: number }
  #isDisposed = false

  constructor(
    inner: Executable,
    plan: Plan,
    counters: Counters,
    hold: (byteLength: number) => void,
  ) {
    this.#inner = inner
    this.#plan = plan
    this.#counters = counters
    this.#hold = hold
    this.#traffic = planTraffic(plan)
  }

  get ready(): Promise<void> {
    return this.#inner.ready
  }

  run(
    inputs: readonly BufferView[],
    outputs: readonly BufferView[],
    scalars: readonly number[],
  ): void | Promise<void> {
    const begun = this.#inner.run(inputs, outputs, scalars)
    this.#counters.runs++
    this.#counters.dispatches += this.#plan.kernels.length
    this.#counters.bytesRead += this.#traffic.bytesRead
    this.#counters.bytesWritten += this.#traffic.bytesWritten
    return begun
  }

  dispose(): void {
    this.#inner.dispose()
    if (!this.#isDisposed) this.#hold(-this.#plan.arenaByteLength)
    this.#isDisposed = true
  }
}

function emptyCounters(): Counters {
  return {
    dispatches: 0,
    runs: 0,
    plansCompiled: 0,
    bytesRead: 0,
    bytesWritten: 0,
    bytesUploaded: 0,
    bytesDownloaded: 0,
    bytesHeld: 0,
    peakBytes: 0,
    buffersHeld: 0,
  }
}
