import type { LoadSubject } from './load-subject.ts'

/** Peers by the name that `--peers` takes. */
export const peers: ReadonlyMap<string, LoadSubject> = new Map<string, LoadSubject>([
  ['tfjs-cpu', async (options) => (await import('./tfjs/index.ts')).tfjs('cpu', options)],
  ['tfjs-wasm', async (options) => (await import('./tfjs/index.ts')).tfjs('wasm', options)],
  ['jax-js-wasm', async (options) => (await import('./jax-js/index.ts')).jaxJsWasm(options)],
])
