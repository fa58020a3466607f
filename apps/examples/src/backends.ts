import type { Backend } from '@tensorweft/core'

/** Backends by the names that `--backend` takes; each is loaded when it is chosen. */
export const backends = {
  cpu: async () => (await import('@tensorweft/backend-cpu')).cpu(),
  wasm: async () => (await import('@tensorweft/backend-wasm')).wasm(),
  webgpu: async () => (await import('@tensorweft/backend-webgpu')).webgpu(),
} satisfies Record<string, () => Promise<Backend>>
