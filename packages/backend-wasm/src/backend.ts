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
import { Memory, maxBufferByteLength, maxPages } from './memory/memory.ts'
import { laneDTypes } from './scalar/register.ts'

const capabilities: Capabilities = {
  contractVersion: 2,
  dtypes: laneDTypes,
  kernels: ['map', 'reduce', 'row', 'contract', 'scan', 'sort', 'scatter'],
  // Each has a vector routine that is shorter or closer than the expansion.
  functions: scalarFunctions,
  maxBufferByteLength,
}

class WasmBackend implements Backend {
  readonly name = 'wasm'
  readonly capabilities = capabilities
  /** Undefined once the backend is disposed of. */
  #memory: Memory | undefined = new Memory(maxPages)

  allocate(byteLength: number): BufferHandle {
    return this.#open('allocate').allocate(byteLength)
  }

  free(buffer: BufferHandle): void {
    // Handles may outlive the backend; their memory is gone with it.
    this.#memory?.free(buffer)
  }

  write(buffer: BufferHandle, bytes: Uint8Array, byteOffset = 0): void {
    this.#open('write').bytesOf('write', buffer, byteOffset, bytes.byteLength).set(bytes)
  }

  /** Plans run inside `run`, so there is nothing to wait for: errors too come as rejections. */
  async read(buffer: BufferHandle, byteOffset = 0, byteLength?: number): Promise<Uint8Array> {
    return this.#open('read').bytesOf('read', buffer, byteOffset, byteLength).slice()
  }

  compile(plan: Plan): Executable {
    return compilePlan(plan, this.#open('compile'))
  }

  async finish(): Promise<void> {}

  async dispose(): Promise<void> {
    this.#memory = undefined
  }

  #open(op: string): Memory {
    if (this.#memory !== undefined) return this.#memory
    throw new BackendError(`wasm.${op}`, {
      got: 'a backend that was disposed',
      wanted: 'a live one',
      hint: 'create another with wasm()',
    })
  }
}

/**
 * The WebAssembly backend: every plan becomes one module of SIMD code that works on one growing
 * memory of up to 4 GiB, on the calling thread. It takes float32, int32, uint8 and bool, and every
 * kind of kernel.
 *
 * @example
 * ```ts
 * await setBackend(wasm())
 * ```
 */
export function wasm(): Backend {
  return new WasmBackend()
}
