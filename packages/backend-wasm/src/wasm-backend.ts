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
import type { WasmOptions } from './options.ts'
import { Runtime } from './runtime.ts'
import { laneDTypes } from './scalar/register.ts'
import { coreCount, type StartThread, waysToStart } from './threads/platform.ts'
import type { Policy } from './threads/policy.ts'

const capabilities: Capabilities = {
  contractVersion: 2,
  dtypes: laneDTypes,
  kernels: ['map', 'reduce', 'row', 'contract', 'scan', 'sort', 'scatter', 'custom'],
  // Each has a vector routine that is shorter or closer than the expansion.
  functions: scalarFunctions,
  maxBufferByteLength,
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

/** A backend that shares work between threads by other measures. */
export function wasmWith(
  { threads }: WasmOptions,
  policy: Policy,
  ways: readonly StartThread[] = waysToStart(),
): Backend {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= 1024)) {
    throw new BackendError('wasm', {
      got: `threads: ${typeof threads === 'string' ? `'${threads}'` : threads}`,
      wanted: 'a whole number from 1 to 1024',
    })
  }
  return new WasmBackend(new Runtime(threads ?? coreCount(), policy, ways))
}
