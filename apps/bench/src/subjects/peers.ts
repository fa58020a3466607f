import type { LoadSubject } from './load-subject.ts'

/** Peers by the name that `--peers` takes. */
export const peers: ReadonlyMap<string, LoadSubject> = new Map<string, LoadSubject>([
  ['tfjs-cpu', async (options) => (await import('./tfjs/index.ts')).tfjs('cpu', options)],
  ['tfjs-wasm', async (options) => (await import('./tfjs/index.ts')).tfjs('wasm', options)],
  ['tfjs-webgpu', async (options) => (await import('./tfjs/index.ts')).tfjs('webgpu', options)],
  ['jax-js-wasm', async (options) => (await import('./jax-js/index.ts')).jaxJs('wasm', options)],
  [
    'jax-js-webgpu',
    async (options) => (await import('./jax-js/index.ts')).jaxJs('webgpu', options),
  ],
])
