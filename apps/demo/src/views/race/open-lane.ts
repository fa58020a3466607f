import { wrap } from 'comlink'
import type { Contestant, Entry, FrameworkName, Lane } from './contestant.ts'

const workers: Readonly<Record<FrameworkName, () => Worker>> = {
  tensorweft: () =>
    new Worker(new URL('./tensorweft-worker.ts', import.meta.url), { type: 'module' }),
  // TensorFlow.js is loaded there and nowhere else.
  tfjs: () => new Worker(new URL('./tfjs-worker.ts', import.meta.url), { type: 'module' }),
}

/** Starts a worker for a contestant. */
export function openLane({ framework }: Entry): Lane {
  const worker = workers[framework]()
  const { promise: failed, reject } = Promise.withResolvers<never>()
  worker.addEventListener('error', ({ message }) => {
    reject(new Error(message || 'Its program could not be loaded.'))
  })
  // Whoever waits for an answer hears of it; if nobody does, there is nobody to tell.
  failed.catch(() => {})
  return { contestant: wrap<Contestant>(worker), failed, end: () => worker.terminate() }
}
