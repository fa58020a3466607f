import type { LoadSubject } from './subject-options.ts'

/** Peers by the name that `--peers` takes. */
export const peers: ReadonlyMap<string, LoadSubject> = new Map([
  ['tfjs-cpu', async () => (await import('./tfjs.ts')).tfjs('cpu')],
  ['tfjs-wasm', async () => (await import('./tfjs.ts')).tfjs('wasm')],
  ['jax-js-wasm', async () => (await import('./jax-js.ts')).jaxJsWasm()],
])
