import type { DType } from './dtype.ts'
import type { ScalarFunction } from './ir/instruction.ts'
import type { KernelKind } from './ir/kernel.ts'
import type { contractVersion, Plan } from './ir/plan.ts'

/** Device memory as its backend names it; nobody else looks inside. */
export type BufferHandle = object

/** Part of a buffer. */
export interface BufferView {
  readonly buffer: BufferHandle
  readonly byteOffset: number
  readonly byteLength: number
}

/** What a backend can do, as data. */
export interface Capabilities {
  /**
   * The contract that the backend was written for, as a literal: a core with another
   * `contractVersion` refuses it.
   */
  readonly contractVersion: typeof contractVersion
  readonly dtypes: readonly DType[]
  /** Kernel kinds that it renders itself; core lowers the others to `map` and `reduce`. */
  readonly kernels: readonly KernelKind[]
  /**
   * Scalar functions that it renders itself; core writes out the others in float32 instructions.
   * A backend with float64 lists all of them.
   */
  readonly functions: readonly ScalarFunction[]
  /** Largest buffer it can allocate. */
  readonly maxBufferByteLength: number
}

/** A plan compiled by a backend. */
export interface Executable {
  /** Resolves when the fast code is there; `run` works before that. */
  readonly ready: Promise<void>
  /**
   * Enqueues the plan. `inputs` and `outputs` are in the plan's order; an output that is
   * `donated` comes as the same view as its input. `scalars` are numbers of `plan.scalars`.
   *
   * A backend that does not know yet whether it can (its memory or code is still being made) answers
   * with a promise that resolves when the plan is enqueued. If it rejects, nothing was written.
   */
  run(
    inputs: readonly BufferView[],
    outputs: readonly BufferView[],
    scalars: readonly number[],
  ): void | Promise<void>
  /**
   * Milliseconds that the device spends on the plan with these arguments, where it can tell. May run
   * it several times over.
   */
  measure?(
    inputs: readonly BufferView[],
    outputs: readonly BufferView[],
    scalars: readonly number[],
  ): Promise<number | undefined>
  /** The code of the kernels, for people. */
  source?(): string
  /** The WebAssembly modules that the kernels were compiled to, for tools that show them as text. */
  modules?(): readonly Uint8Array[]
  /** Gives back the arena and the compiled code. */
  dispose(): void
}

/**
 * Memory and execution. `write`, `run`, `read` and `free` take effect in the order they are called.
 * Throws BackendError or OutOfMemoryError where it cannot do what is asked.
 */
export interface Backend {
  readonly name: string
  readonly capabilities: Capabilities
  /** Memory for `byteLength` bytes, not cleared. */
  allocate(byteLength: number): BufferHandle
  free(buffer: BufferHandle): void
  write(buffer: BufferHandle, bytes: Uint8Array, byteOffset?: number): void
  /** A copy of the bytes once everything enqueued before has run. */
  read(buffer: BufferHandle, byteOffset?: number, byteLength?: number): Promise<Uint8Array>
  compile(plan: Plan): Executable
  /** Resolves when everything enqueued so far has run. */
  finish(): Promise<void>
  /** Ends the backend and frees what it holds. */
  dispose(): Promise<void>
}
