import { bufferUsage, mapModeRead } from './usage.ts'

const smallest = 2 ** 12
/** Idle staging memory that is kept. */
const maxIdleByteLength = 2 ** 26

/** Buffers that values are read back through, in powers of two, used again and again. */
export class Staging {
  readonly #device: GPUDevice
  readonly #idle: GPUBuffer[] = []
  #idleByteLength = 0

  constructor(device: GPUDevice) {
    this.#device = device
  }

  /** Enqueues a copy of whole words and resolves with their bytes. */
  async read(source: GPUBuffer, byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const target = this.#take(byteLength)
    const encoder = this.#device.createCommandEncoder()
    encoder.copyBufferToBuffer(source, byteOffset, target, 0, byteLength)
    this.#device.queue.submit([encoder.finish()])
    await target.mapAsync(mapModeRead, 0, byteLength)
    const bytes = new Uint8Array(target.getMappedRange(0, byteLength)).slice()
    target.unmap()
    this.#give(target)
    return bytes
  }

  dispose(): void {
    for (const buffer of this.#idle) buffer.destroy()
    this.#idle.length = 0
  }

  #take(byteLength: number): GPUBuffer {
    const size = Math.max(2 ** Math.ceil(Math.log2(byteLength)), smallest)
    const k = this.#idle.findIndex((buffer) => buffer.size === size)
    const [known] = k < 0 ? [] : this.#idle.splice(k, 1)
    if (known !== undefined) {
      this.#idleByteLength -= size
      return known
    }
    const usage = bufferUsage.mapRead | bufferUsage.copyTarget
    return this.#device.createBuffer({ label: 'tensorweft staging', size, usage })
  }

  #give(buffer: GPUBuffer): void {
    if (this.#idleByteLength + buffer.size > maxIdleByteLength) buffer.destroy()
    else {
      this.#idle.push(buffer)
      this.#idleByteLength += buffer.size
    }
  }
}
