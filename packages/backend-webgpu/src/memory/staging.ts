import { OutOfMemoryError } from '@tensorweft/core'
import { askForMemory, type DeviceMemory } from './device-memory.ts'
import { ownCommands } from './labels.ts'
import { bufferUsage, mapModeRead } from './usage.ts'

const smallest = 2 ** 12
/** Idle staging memory that is kept. */
const maxIdleByteLength = 2 ** 26

/** Buffers that values are read back through; small ones, in powers of two, are used again. */
export class Staging {
  readonly #device: GPUDevice
  readonly #idle: DeviceMemory[] = []
  #idleByteLength = 0
  #isDisposed = false

  constructor(device: GPUDevice) {
    this.#device = device
  }

  /**
   * Enqueues a copy of whole words and resolves with their bytes.
   *
   * @throws OutOfMemoryError if the device has no memory to read through.
   */
  async read(source: GPUBuffer, byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const target = this.#take(byteLength)
    const { buffer } = target
    // The copy has its turn now; that it fails for want of memory is told below.
    const { answered } = target
    if (answered !== undefined) this.#device.pushErrorScope('validation')
    const encoder = this.#device.createCommandEncoder(ownCommands)
    encoder.copyBufferToBuffer(source, byteOffset, buffer, 0, byteLength)
    this.#device.queue.submit([encoder.finish()])
    const mapped = buffer.mapAsync(mapModeRead, 0, byteLength)
    if (answered !== undefined) await this.#checkFirst(target, mapped)
    await mapped
    const bytes = new Uint8Array(buffer.getMappedRange(0, byteLength)).slice()
    buffer.unmap()
    this.#give(target)
    return bytes
  }

  dispose(): void {
    this.#isDisposed = true
    for (const { buffer } of this.#idle) buffer.destroy()
    this.#idle.length = 0
  }

  /** Whether there is memory for a buffer that was used at once. */
  async #checkFirst(target: DeviceMemory, mapped: Promise<unknown>): Promise<void> {
    mapped.catch(() => {})
    await this.#device.popErrorScope().catch(() => null)
    await target.answered
    if (target.refusal === undefined) return
    throw new OutOfMemoryError('webgpu.read', {
      got: `no ${target.byteLength} bytes to read a value through (${target.refusal})`,
      wanted: 'as much free memory on the device',
      hint: 'read less at once, or dispose of tensors that are no longer needed',
    })
  }

  #take(byteLength: number): DeviceMemory {
    const isKept = byteLength <= maxIdleByteLength
    const size = isKept ? Math.max(2 ** Math.ceil(Math.log2(byteLength)), smallest) : byteLength
    const k = this.#idle.findIndex((target) => target.byteLength === size)
    const [known] = k < 0 ? [] : this.#idle.splice(k, 1)
    if (known !== undefined) {
      this.#idleByteLength -= size
      return known
    }
    const usage = bufferUsage.mapRead | bufferUsage.copyTarget
    return askForMemory(this.#device, 'staging', size, usage)
  }

  #give(target: DeviceMemory): void {
    const isTooMuch = this.#idleByteLength + target.byteLength > maxIdleByteLength
    if (isTooMuch || this.#isDisposed) target.buffer.destroy()
    else {
      this.#idle.push(target)
      this.#idleByteLength += target.byteLength
    }
  }
}
