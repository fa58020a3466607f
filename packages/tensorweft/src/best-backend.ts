import { type Backend, BackendError, currentBackend, withBackend } from '@tensorweft/core'
import { hasGpuAdapter, hasWasmSimd } from './features.ts'

/** Backends in the order of their speed, with what they need. */
const candidates = [
  { name: 'webgpu', isUsable: hasGpuAdapter },
  { name: 'wasm', isUsable: hasWasmSimd },
]

/**
 * The best backend that works here, created if it was not before: `webgpu` where the browser has a
 * GPU for it, else `wasm` where there is WebAssembly with SIMD, else `cpu`. In Node it is `wasm`;
 * a GPU is used on request, by `await setBackend('webgpu')`.
 *
 * A program that sets no backend computes on this one from its first read on; to know before then,
 * or to have it loaded, set it.
 *
 * @example
 * ```ts
 * import { bestBackend, setBackend } from 'tensorweft'
 *
 * const { name } = await setBackend(await bestBackend())
 * console.log(name)
 * ```
 */
export async function bestBackend(): Promise<Backend> {
  for (const { name, isUsable } of candidates) {
    const backend = (await isUsable()) ? await created(name) : undefined
    if (backend !== undefined) return backend
  }
  return named('cpu')
}

/** Undefined where the backend refuses, as a GPU does that gives no device. */
async function created(name: string): Promise<Backend | undefined> {
  try {
    return await named(name)
  } catch (error) {
    if (error instanceof BackendError) return undefined
    throw error
  }
}

/** The one backend of that name, which is not set by being asked for. */
const named = (name: string) => withBackend(name, () => currentBackend())
