import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Tf } from './tf.ts'

/** Returns when the current backend is done; those without a queue are when they return. */
export async function finish(tf: Tf): Promise<void> {
  const backend = tf.backend()
  if (!hasQueue(backend)) return
  // Commands are collected, and sent when there are enough of them: send what there is.
  backend.ensureCommandEncoderReady()
  backend.endComputePassEncoder()
  backend.submitQueue()
  await backend.queue.onSubmittedWorkDone()
}

/** Whether the current backend computes beside the program. */
export function isQueued(tf: Tf): boolean {
  return hasQueue(tf.backend())
}

function hasQueue(backend: object): backend is WebGPUBackend {
  return 'submitQueue' in backend
}
