import type { Place } from './buffers.ts'
import { ownCommands, ownLabel } from './labels.ts'
import { bufferUsage } from './usage.ts'

const mergeCode = `
struct Params { index: u32, mask: u32, value: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> words: array<u32>;

@compute @workgroup_size(1)
fn main() {
  words[params.index] = (words[params.index] & ~params.mask) | params.value;
}
`

/** Writes bytes from the host. The queue takes whole words; parts of words are merged by a shader. */
export class Writer {
  readonly #device: GPUDevice
  #merge: { readonly pipeline: GPUComputePipeline; readonly params: GPUBuffer } | undefined

  constructor(device: GPUDevice) {
    this.#device = device
  }

  write({ buffer, allocation, byteOffset }: Place, bytes: Uint8Array): void {
    const from = byteOffset - allocation.byteOffset
    // Behind a buffer's end nothing is kept, up to the next whole word.
    const isAtEnd = from + bytes.length === buffer.byteLength
    const head = Math.min((4 - (byteOffset % 4)) % 4, bytes.length)
    const rest = bytes.length - head
    const tail = isAtEnd ? 0 : rest % 4
    const target = allocation.slab.buffer
    if (head > 0) this.#mergeBytes(target, byteOffset, bytes.subarray(0, head))
    const words = bytes.subarray(head, bytes.length - tail)
    if (words.length > 0) {
      this.#device.queue.writeBuffer(target, byteOffset + head, wholeWords(words))
    }
    if (tail > 0) {
      const at = bytes.length - tail
      this.#mergeBytes(target, byteOffset + at, bytes.subarray(at))
    }
  }

  dispose(): void {
    this.#merge?.params.destroy()
  }

  /** Writes up to three bytes within one word. */
  #mergeBytes(target: GPUBuffer, byteOffset: number, bytes: Uint8Array): void {
    const device = this.#device
    const { pipeline, params } = this.#mergePipeline()
    let mask = 0
    let value = 0
    bytes.forEach((byte, k) => {
      const shift = 8 * ((byteOffset + k) % 4)
      mask |= 255 << shift
      value |= byte << shift
    })
    device.queue.writeBuffer(params, 0, Uint32Array.of(byteOffset >>> 2, mask, value))
    const encoder = device.createCommandEncoder(ownCommands)
    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    const entries = [params, target].map((buffer, binding) => ({ binding, resource: { buffer } }))
    pass.setBindGroup(
      0,
      device.createBindGroup({ label: ownLabel, layout: pipeline.getBindGroupLayout(0), entries }),
    )
    pass.dispatchWorkgroups(1)
    pass.end()
    device.queue.submit([encoder.finish()])
  }

  #mergePipeline() {
    if (this.#merge !== undefined) return this.#merge
    const device = this.#device
    const module = device.createShaderModule({ label: `${ownLabel} merge`, code: mergeCode })
    const pipeline = device.createComputePipeline({
      label: ownLabel,
      layout: 'auto',
      compute: { module },
    })
    const usage = bufferUsage.uniform | bufferUsage.copyTarget
    this.#merge = { pipeline, params: device.createBuffer({ label: ownLabel, size: 16, usage }) }
    return this.#merge
  }
}

/** The bytes, followed by zeros up to a whole number of words. */
function wholeWords(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = bytes
  if (length % 4 === 0 && buffer instanceof ArrayBuffer) {
    return new Uint8Array(buffer, byteOffset, length)
  }
  const padded = new Uint8Array(Math.ceil(length / 4) * 4)
  padded.set(bytes)
  return padded
}
