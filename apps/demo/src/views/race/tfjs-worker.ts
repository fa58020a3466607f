import { enableProdMode, setBackend } from '@tensorflow/tfjs-core'
import { expose } from 'comlink'
import type { BackendName } from './contestant.ts'
import { makeContestant } from './make-contestant.ts'
import { lacksKernels, tfjsTraining } from './tfjs-training.ts'

/** Registers a backend with TensorFlow.js; resolves with the threads that it computes on. */
const registrations: Readonly<Record<BackendName, () => Promise<() => number>>> = {
  async cpu() {
    await import('@tensorflow/tfjs-backend-cpu')
    return () => 1
  },
  wasm: async () => (await import('./tfjs-wasm.ts')).registerWasm(),
  async webgpu() {
    await import('@tensorflow/tfjs-backend-webgpu')
    return () => 1
  },
}

const contestant = makeContestant(async (backend, problem) => {
  // Without the checks of its development mode.
  enableProdMode()
  const threadsOf = await registrations[backend]()
  if (!(await setBackend(backend))) {
    return { unable: `TensorFlow.js could not start its ${backend} backend here.` }
  }
  const unable = lacksKernels(problem)
  return unable === undefined ? { ...tfjsTraining(problem), threads: threadsOf() } : { unable }
})

expose(contestant)
