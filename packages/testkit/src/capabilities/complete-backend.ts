import {
  type Backend,
  type BufferHandle,
  type Capabilities,
  contractVersion,
  dtypes,
  type Executable,
  type Plan,
  scalarFunctions,
} from '@tensorweft/core'
import { generatedKinds } from './plan-pieces.ts'

/**
 * A backend that claims to render everything and computes nothing: it shows the plans that core
 * makes where nothing has to be decomposed. What is read from it is 0.
 */
export class CompleteBackend implements Backend {
  readonly name = 'complete'
  readonly capabilities: Capabilities = {
    contractVersion,
    dtypes,
    kernels: generatedKinds,
    functions: scalarFunctions,
    maxBufferByteLength: Number.MAX_SAFE_INTEGER,
  }
  readonly plans: Plan[] = []
  readonly #sizes = new WeakMap<BufferHandle, number>()

  allocate(byteLength: number): BufferHandle {
    const buffer = {}
    this.#sizes.set(buffer, byteLength)
    return buffer
  }

  free(): void {}

  write(): void {}

  async read(buffer: BufferHandle, _byteOffset = 0, byteLength?: number): Promise<Uint8Array> {
    return new Uint8Array(byteLength ?? this.#sizes.get(buffer) ?? 0)
  }

  compile(plan: Plan): Executable {
    this.plans.push(plan)
    return { ready: Promise.resolve(), run: () => {}, dispose: () => {} }
  }

  async finish(): Promise<void> {}

  async dispose(): Promise<void> {}
}
