import { ownLabel } from './labels.ts'

/** A buffer that was asked for; whether the device has the memory shows a moment later. */
export interface DeviceMemory {
  readonly buffer: GPUBuffer
  readonly byteLength: number
  /** Resolves, never rejects, when the device has answered; undefined from then on. */
  answered: Promise<void> | undefined
  /** What the device said, if it has no such memory. */
  refusal: string | undefined
}

/** Asks for a buffer, which may be used in commands only once the device has answered. */
export function askForMemory(
  device: GPUDevice,
  label: string,
  byteLength: number,
  usage: GPUBufferUsageFlags,
): DeviceMemory {
  device.pushErrorScope('out-of-memory')
  const buffer = device.createBuffer({ label: `${ownLabel} ${label}`, size: byteLength, usage })
  const memory: DeviceMemory = { buffer, byteLength, answered: undefined, refusal: undefined }
  memory.answered = device.popErrorScope().then(
    (error) => {
      memory.answered = undefined
      // What Dawn adds is where in its own code.
      memory.refusal = error?.message.split('\n', 1)[0]
    },
    // A device that was lost answers nothing: what is done with the buffer will tell.
    () => {
      memory.answered = undefined
    },
  )
  return memory
}
