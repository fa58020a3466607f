import { type Remote, wrap } from 'comlink'
import { report } from '../app/errors.ts'
import type { Services } from './worker.ts'

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
worker.addEventListener('error', ({ message }) => {
  report(message || 'The worker that computes could not be started.')
})

/** The services of the worker, by promises: `await services.backend.use('wasm')`. */
export const services: Remote<Services> = wrap<Services>(worker)
