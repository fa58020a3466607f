import type { Backend, BufferHandle, BufferView, Capabilities, Executable } from '../backend.ts'
import { createTypedArray, dtypes, type TypedArray, viewTypedArray } from '../dtype.ts'
import { type ScalarFunction, scalarFunctions } from '../ir/instruction.ts'
import type { KernelKind } from '../ir/kernel.ts'
import { contractVersion, type Plan } from '../ir/plan.ts'
import { kernelFunction } from './interpreter.testing.ts'

/** Uninitialised memory holds this, so that what reads it shows. */
const garbage = 0xa5

/** A backend that interprets plans point by point, and keeps a record of what it was asked to do. */
export class NaiveBackend implements Backend {
  readonly name: string
  readonly capabilities: Capabilities
  /** Plans that were compiled and those that were run, in order. */
  readonly compiled: Plan[] = []
  readonly runs: Plan[] = []
  /** Buffers that were allocated and not freed. */
  readonly live = new Set<BufferHandle>()
  /** Called at the start of an operation; a test may make it throw. */
  before: (operation: 'allocate' | 'write' | 'read' | 'compile' | 'run') => void = () => {}

  constructor(
    name = 'naive',
    functions: readonly ScalarFunction[] = scalarFunctions,
    kernels: readonly KernelKind[] = ['map', 'reduce', 'row', 'contract'],
  ) {
    this.name = name
    this.capabilities = {
      contractVersion,
      dtypes,
      kernels,
      functions,
      maxBufferByteLength: 2 ** 31,
    }
  }

  allocate(byteLength: number): BufferHandle {
    this.before('allocate')
    const buffer = new ArrayBuffer(byteLength)
    new Uint8Array(buffer).fill(garbage)
    this.live.add(buffer)
    return buffer
  }

  free(buffer: BufferHandle): void {
    if (!this.live.delete(buffer)) throw new Error(`${this.name}: a buffer was freed twice`)
  }

  write(buffer: BufferHandle, bytes: Uint8Array, byteOffset = 0): void {
    this.before('write')
    new Uint8Array(this.#memory(buffer)).set(bytes, byteOffset)
  }

  async read(buffer: BufferHandle, byteOffset = 0, byteLength?: number): Promise<Uint8Array> {
    this.before('read')
    return new Uint8Array(this.#memory(buffer), byteOffset, byteLength).slice()
  }

  compile(plan: Plan): Executable {
    this.before('compile')
    this.compiled.push(plan)
    const kernels = plan.kernels.map((kernel) => ({ ...kernel, run: kernelFunction(kernel) }))
    let isDisposed = false
    return {
      ready: Promise.resolve(),
      run: (inputs, outputs, scalars) => {
        this.before('run')
        if (isDisposed) throw new Error(`${this.name}: an executable was run after dispose()`)
        this.runs.push(plan)
        const arrays = this.#arraysOf(plan, inputs, outputs)
        for (const { operands, run } of kernels) {
          const own = operands.flatMap(({ slot }) => arrays[slot] ?? [])
          run({ counters: [], values: [], reduced: [], arrays: own, scalars })
        }
      },
      dispose: () => {
        isDisposed = true
      },
    }
  }

  async finish(): Promise<void> {}
  async dispose(): Promise<void> {}

  /** The array of each slot. */
  #arraysOf(plan: Plan, inputs: readonly BufferView[], outputs: readonly BufferView[]) {
    const arena = new Uint8Array(plan.arenaByteLength).fill(garbage).buffer
    return plan.slots.map((slot): TypedArray => {
      if (slot.in === 'arena') return viewTypedArray(slot.dtype, arena, slot.byteOffset, slot.size)
      const view = slot.in === 'input' ? inputs[slot.input] : outputs[slot.output]
      if (view === undefined) return createTypedArray(slot.dtype, 0)
      return viewTypedArray(slot.dtype, this.#memory(view.buffer), view.byteOffset, slot.size)
    })
  }

  #memory(buffer: BufferHandle): ArrayBuffer {
    if (buffer instanceof ArrayBuffer && this.live.has(buffer)) return buffer
    throw new Error(`${this.name}: a buffer that is not allocated here`)
  }
}
