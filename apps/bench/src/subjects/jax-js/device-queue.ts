import type { JaxArray, JaxModule } from './jax.ts'

/** The queue of a device that computes beside the program. */
export interface DeviceQueue {
  /** Sends what these arrays still wait for: arrays are lazy, and never computed if freed before. */
  submit(arrays: readonly JaxArray[]): void
  finish(): Promise<void>
}

/** That of the current device, where it has one. */
export function deviceQueue(jax: JaxModule): DeviceQueue | undefined {
  if (jax.defaultDevice() !== 'webgpu') return undefined
  return {
    submit(arrays) {
      for (const array of arrays) array.ref.gpuBufferSync()
    },
    finish: async () => {
      await jax.getWebGPUDevice()?.queue.onSubmittedWorkDone()
    },
  }
}
