import {
  type Backend,
  BackendError,
  type BufferHandle,
  type Capabilities,
  type Executable,
  type Plan,
  scalarFunctions,
} from '@tensorweft/core'
import { compilePlan } from './executable.ts'
import { maxBufferByteLength } from './memory/memory.ts'
import { Runtime } from './runtime.ts'
import { laneDTypes } from './scalar/register.ts'
import { coreCount, type StartThread, waysToStart } from './threads/platform.ts'
import { defaultPolicy, type Policy } from './threads/policy.ts'

const capabilities: Capabilities = {
  contractVersion: 2,
  dtypes: laneDTypes,
  kernels: ['map', 'reduce', 'row', 'contract', 'scan', 'sort', 'scatter', 'custom'],
  // Each has a vector routine that is shorter or closer than the expansion.
  functions: scalarFunctions,
  maxBufferByteLength,
}

/** How many threads run plans, for `wasm`. */
export interface WasmOptions {
  /**
   * 1 or more; by default as many as there are cores. One where memory cannot be shared, which on
   * pages that are not cross-origin isolated is so.
   */
  readonly threads?: number
}

class WasmBackend implements Backend {
  readonly name = 'wasm'
  readonly capabilities = capabilities
  /** Undefined once the backend is disposed of. */
  #runtime: Runtime | undefined

  constructor(runtime: Runtime) {
    this.#runtime = runtime
  }

  allocate(byteLength: number): BufferHandle {
    return this.#open('allocate').memory.allocate(byteLength)
  }

  free(buffer: BufferHandle): void {
    // Handles may outlive the backend; their memory is gone with it.
    this.#runtime?.free(buffer)
  }

  write(buffer: BufferHandle, bytes: Uint8Array, byteOffset = 0): void {
    this.#open('write').write(buffer, bytes, byteOffset)
  }

  /** Errors too come as rejections. */
  async read(buffer: BufferHandle, byteOffset = 0, byteLength?: number): Promise<Uint8Array> {
    return this.#open('read').read(buffer, byteOffset, byteLength)
  }

  compile(plan: Plan): Executable {
    return compilePlan(plan, this.#open('compile'))
  }

  async finish(): Promise<void> {
    await this.#runtime?.timeline.run(() => {})
  }

  async dispose(): Promise<void> {
    this.#runtime?.dispose()
    this.#runtime = undefined
  }

  #open(op: string): Runtime {
    if (this.#runtime !== undefined) return this.#runtime
    throw new BackendError(`wasm.${op}`, {
      got: 'a backend that was disposed',
      wanted: 'a live one',
      hint: 'create another with wasm()',
    })
  }
}

/**
 * The WebAssembly backend: every plan becomes one module of SIMD code that works on one growing
 * memory of up to 4 GiB. It takes float32, int32, uint8 and bool, and every kind of kernel. Larger
 * plans run on several threads, whose number changes no bit of a result.
 *
 * @throws BackendError if `threads` is no whole number of 1 or more.
 *
 * @example
 * ```ts
 * await setBackend(wasm({ threads: 2 }))
 * ```
 */
export function wasm(options: WasmOptions = {}): Backend {
  return wasmWith(options, defaultPolicy)
}

/** A backend that shares work between threads by other measures. */
export function wasmWith(
  { threads }: WasmOptions,
  policy: Policy,
  ways: readonly StartThread[] = waysToStart(),
): Backend {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw new BackendError('wasm', {
      got: `${threads} threads`,
      wanted: 'a whole number, 1 or more',
    })
  }
  return new WasmBackend(new Runtime(threads ?? coreCount(), policy, ways))
}
