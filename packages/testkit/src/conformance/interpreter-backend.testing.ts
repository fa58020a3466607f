import {
  type Backend,
  BackendError,
  type BufferHandle,
  type BufferView,
  type Capabilities,
  contractVersion,
  dtypes,
  type Executable,
  OutOfMemoryError,
  type Plan,
  scalarFunctions,
  type TypedArray,
  viewTypedArray,
} from '@tensorweft/core'
import {
  contractRules,
  type InterpreterRules,
  runKernel,
} from '../reference/plans/interpret-plan.ts'

const maxBufferByteLength = 2 ** 28

const capabilities: Capabilities = {
  contractVersion,
  dtypes,
  kernels: ['map', 'reduce', 'row', 'contract', 'scan', 'sort', 'scatter'],
  functions: scalarFunctions,
  maxBufferByteLength,
}

/** Memory of one buffer; undefined once it is freed. */
interface Buffer {
  bytes: Uint8Array | undefined
}

/**
 * A backend that interprets plans. Tests derive backends with one defect from it, by other rules or
 * by overriding a method.
 */
export class InterpreterBackend implements Backend {
  readonly name = 'interpreter'
  readonly capabilities: Capabilities
  readonly #rules: InterpreterRules
  readonly #buffers = new WeakMap<BufferHandle, Buffer>()
  #isDisposed = false

  constructor(rules: Partial<InterpreterRules> = {}, changed: Partial<Capabilities> = {}) {
    this.#rules = { ...contractRules, ...rules }
    this.capabilities = { ...capabilities, ...changed }
  }

  allocate(byteLength: number): BufferHandle {
    this.#check('allocate')
    if (byteLength > maxBufferByteLength) {
      throw new OutOfMemoryError('interpreter', { got: `${byteLength} bytes` })
    }
    const buffer: Buffer = { bytes: new Uint8Array(byteLength).fill(0xa5) }
    this.#buffers.set(buffer, buffer)
    return buffer
  }

  free(buffer: BufferHandle): void {
    const own = this.#buffers.get(buffer)
    if (own !== undefined) own.bytes = undefined
  }

  write(buffer: BufferHandle, bytes: Uint8Array, byteOffset = 0): void {
    this.bytesOf(buffer, byteOffset, bytes.byteLength).set(bytes)
  }

  async read(buffer: BufferHandle, byteOffset = 0, byteLength?: number): Promise<Uint8Array> {
    return this.bytesOf(buffer, byteOffset, byteLength).slice()
  }

  compile(plan: Plan): Executable {
    this.#check('compile')
    if (plan.version !== contractVersion) {
      throw new BackendError('interpreter', { got: `version ${plan.version}` })
    }
    const arena = new ArrayBuffer(plan.arenaByteLength)
    let isDisposed = false
    return {
      ready: Promise.resolve(),
      run: (inputs, outputs, scalars) => {
        if (isDisposed) throw new BackendError('interpreter', { got: 'a disposed executable' })
        const slots = this.#slotsOf(plan, inputs, outputs, arena)
        for (const kernel of plan.kernels) runKernel(kernel, { slots, scalars }, this.#rules)
      },
      dispose: () => {
        isDisposed = true
      },
    }
  }

  async finish(): Promise<void> {}

  async dispose(): Promise<void> {
    this.#isDisposed = true
  }

  /** The memory of a view. */
  protected bytesOf(buffer: BufferHandle, byteOffset: number, byteLength?: number): Uint8Array {
    this.#check('access')
    const bytes = this.#buffers.get(buffer)?.bytes
    if (bytes === undefined) throw new BackendError('interpreter', { got: 'no buffer of its own' })
    const end = byteOffset + (byteLength ?? bytes.byteLength - byteOffset)
    if (byteOffset < 0 || end > bytes.byteLength) {
      throw new BackendError('interpreter', { got: `bytes ${byteOffset} to ${end}` })
    }
    return bytes.subarray(byteOffset, end)
  }

  #slotsOf(
    plan: Plan,
    inputs: readonly BufferView[],
    outputs: readonly BufferView[],
    arena: ArrayBuffer,
  ): TypedArray[] {
    return plan.slots.map((slot) => {
      const { dtype, size } = slot
      if (slot.in === 'arena') return viewTypedArray(dtype, arena, slot.byteOffset, size)
      const view = slot.in === 'input' ? inputs[slot.input] : outputs[slot.output]
      if (view === undefined) throw new BackendError('interpreter', { got: 'too few views' })
      const bytes = this.bytesOf(view.buffer, view.byteOffset, view.byteLength)
      return viewTypedArray(dtype, bytes.buffer, bytes.byteOffset, size)
    })
  }

  #check(op: string): void {
    if (this.#isDisposed) throw new BackendError(`interpreter.${op}`, { got: 'a disposed backend' })
  }
}
