import {
  type Backend,
  BackendError,
  type BufferHandle,
  type Capabilities,
  type Executable,
  type Plan,
  scalarFunctions,
} from '@tensorweft/core'
import { cpuDTypes } from './bindings.ts'
import { compilePlan } from './executable.ts'
import { Memory, maxBufferByteLength } from './memory.ts'

const capabilities: Capabilities = {
  contractVersion: 2,
  dtypes: cpuDTypes,
  kernels: ['map', 'reduce', 'row', 'contract', 'scan', 'sort', 'scatter', 'custom'],
  // Math computes all of them in double precision.
  functions: scalarFunctions,
  maxBufferByteLength,
}

class CpuBackend implements Backend {
  readonly name = 'cpu'
  readonly capabilities = capabilities
  private readonly memory = new Memory()
  private disposed = false

  allocate(byteLength: number): BufferHandle {
    this.check('allocate')
    return this.memory.allocate(byteLength)
  }

  free(buffer: BufferHandle): void {
    // Handles may outlive the backend; their memory is gone with it.
    if (!this.disposed) this.memory.free(buffer)
  }

  write(buffer: BufferHandle, bytes: Uint8Array, byteOffset = 0): void {
    this.check('write')
    this.memory.bytes('write', buffer, byteOffset, bytes.byteLength).set(bytes)
  }

  /** Plans run inside `run`, so there is nothing to wait for: errors too come as rejections. */
  async read(buffer: BufferHandle, byteOffset = 0, byteLength?: number): Promise<Uint8Array> {
    this.check('read')
    return this.memory.bytes('read', buffer, byteOffset, byteLength).slice()
  }

  compile(plan: Plan): Executable {
    this.check('compile')
    return compilePlan(plan, this.memory)
  }

  async finish(): Promise<void> {}

  async dispose(): Promise<void> {
    this.disposed = true
    this.memory.drain()
  }

  private check(op: string): void {
    if (!this.disposed) return
    throw new BackendError(`cpu.${op}`, {
      got: 'a backend that was disposed',
      wanted: 'a live one',
      hint: 'create another with cpu()',
    })
  }
}

/**
 * The reference backend: plain loops over typed arrays on the calling thread, in any JavaScript
 * engine. It takes every dtype and every kernel kind, and generates no code.
 *
 * ```ts
 * await setBackend(cpu())
 * ```
 */
export function cpu(): Backend {
  return new CpuBackend()
}
