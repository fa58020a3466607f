import type { DeviceLike } from '@tensorweft/backend-webgpu'

const nothing = Promise.resolve(null)
const done = Promise.resolve()
const thing = { destroy() {} }

const pass = { setPipeline() {}, setBindGroup() {}, dispatchWorkgroups() {}, end() {} }

const encoder = {
  beginComputePass: () => pass,
  copyBufferToBuffer() {},
  finish: () => thing,
}

/**
 * A `GPUDevice` that does nothing: what a program takes on it is the time of its own JavaScript.
 * All that it holds reads as zeros.
 */
export function nullDevice(): DeviceLike {
  return Object.assign(new NullDevice(), {
    createBindGroup: () => thing,
    createBindGroupLayout: () => thing,
    createPipelineLayout: () => thing,
    createShaderModule: () => thing,
    createComputePipelineAsync: async () => thing,
    createCommandEncoder: () => encoder,
    createBuffer: ({ size }: { size: number }) => ({
      size,
      destroy() {},
      mapAsync: () => done,
      getMappedRange: (_from?: number, byteLength = size) => new ArrayBuffer(byteLength),
      unmap() {},
    }),
    pushErrorScope() {},
    popErrorScope: () => nothing,
    addEventListener() {},
    removeEventListener() {},
  })
}

class NullDevice implements DeviceLike {
  readonly limits = {
    maxBufferSize: 2 ** 31,
    maxStorageBufferBindingSize: 2 ** 31,
    maxStorageBuffersPerShaderStage: 10,
  }
  readonly features: ReadonlySet<string> = new Set()
  readonly adapterInfo = { isFallbackAdapter: true }
  readonly queue = { writeBuffer() {}, submit() {}, onSubmittedWorkDone: () => done }
  readonly lost: Promise<never> = new Promise(() => {})

  destroy(): void {}
}
