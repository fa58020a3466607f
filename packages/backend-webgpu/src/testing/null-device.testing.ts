import { connect } from '../adapter.ts'
import { WebGpuBackend } from '../backend.ts'
import type { SlabSizes } from '../memory/slabs.ts'
import type { DeviceLike } from '../options.ts'

/** How often the methods of a device, of its queue and of its encoders were called. */
export interface DeviceCalls {
  createBuffer: number
  createBindGroup: number
  createComputePipelineAsync: number
  writeBuffer: number
  /** Bytes given to `writeBuffer`. */
  writtenByteLength: number
  beginComputePass: number
  setPipeline: number
  setBindGroup: number
  dispatchWorkgroups: number
  copyBufferToBuffer: number
  submit: number
}

/**
 * A device that does nothing but count: what time a program spends on it is that of our own
 * JavaScript, and what it leaves to collect is our own garbage. All it holds reads as zeros.
 */
export class NullDevice implements DeviceLike {
  readonly calls: DeviceCalls = noCalls()
  readonly limits = {
    maxBufferSize: 2 ** 31,
    maxStorageBufferBindingSize: 2 ** 31,
    maxStorageBuffersPerShaderStage: 10,
    maxComputeWorkgroupStorageSize: 16_384,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupSizeX: 256,
  }
  readonly features: ReadonlySet<string>
  /** There is nothing to measure on it. */
  readonly adapterInfo = { isFallbackAdapter: true }
  readonly lost: Promise<never> = new Promise(() => {})
  readonly #thing = { destroy: () => undefined }
  readonly #answer = Promise.resolve(null)
  readonly #pass = {
    setPipeline: () => this.#count('setPipeline'),
    setBindGroup: () => this.#count('setBindGroup'),
    dispatchWorkgroups: () => this.#count('dispatchWorkgroups'),
    end: () => undefined,
  }
  readonly #encoder = {
    beginComputePass: () => {
      this.#count('beginComputePass')
      return this.#pass
    },
    copyBufferToBuffer: () => this.#count('copyBufferToBuffer'),
    finish: () => this.#thing,
  }
  readonly queue = {
    writeBuffer: (
      _buffer: object,
      _at: number,
      data: { readonly byteLength: number; readonly BYTES_PER_ELEMENT?: number },
      _from = 0,
      length?: number,
    ) => {
      this.#count('writeBuffer')
      this.calls.writtenByteLength +=
        length === undefined ? data.byteLength : length * (data.BYTES_PER_ELEMENT ?? 1)
    },
    submit: () => this.#count('submit'),
    onSubmittedWorkDone: () => this.#answer,
  }

  constructor(features: readonly string[] = []) {
    this.features = new Set(features)
  }

  resetCalls(): void {
    Object.assign(this.calls, noCalls())
  }

  createBuffer({ size }: { size: number }) {
    this.#count('createBuffer')
    return {
      size,
      destroy: () => undefined,
      mapAsync: () => this.#answer,
      getMappedRange: (_from: number, byteLength: number) => new ArrayBuffer(byteLength),
      unmap: () => undefined,
    }
  }

  createBindGroup() {
    this.#count('createBindGroup')
    return this.#thing
  }

  async createComputePipelineAsync() {
    this.#count('createComputePipelineAsync')
    return this.#thing
  }

  createBindGroupLayout = () => this.#thing
  createPipelineLayout = () => this.#thing
  createShaderModule = () => ({ getCompilationInfo: async () => ({ messages: [] }) })
  createCommandEncoder = () => this.#encoder
  pushErrorScope = () => undefined
  popErrorScope = () => this.#answer
  addEventListener = () => undefined
  removeEventListener = () => undefined
  destroy = () => undefined

  #count(call: keyof DeviceCalls): void {
    this.calls[call]++
  }
}

/** A backend on a device of which only the methods are used that a `NullDevice` has. */
export async function createOnNullDevice(
  device: NullDevice,
  slabSizes?: SlabSizes,
): Promise<WebGpuBackend> {
  return new WebGpuBackend(await connect({ device }), slabSizes)
}

function noCalls(): DeviceCalls {
  return {
    createBuffer: 0,
    createBindGroup: 0,
    createComputePipelineAsync: 0,
    writeBuffer: 0,
    writtenByteLength: 0,
    beginComputePass: 0,
    setPipeline: 0,
    setBindGroup: 0,
    dispatchWorkgroups: 0,
    copyBufferToBuffer: 0,
    submit: 0,
  }
}
