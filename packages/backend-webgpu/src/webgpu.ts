import type { Backend } from '@tensorweft/core'
import { connect } from './adapter.ts'
import { WebGpuBackend } from './backend.ts'
import type { WebGpuOptions } from './options.ts'

/**
 * A backend that computes on a GPU through WebGPU, with kernels generated as WGSL: the browser's
 * `navigator.gpu`, or in Node the package `webgpu` (Dawn), which has to be installed beside.
 *
 * Takes float32, float16, int32, uint8 and bool. Sums are float32; NaN and infinities are kept wherever the
 * device's own arithmetic keeps them.
 *
 * @throws BackendError if there is no WebGPU, no adapter or no device, with what to do about it.
 * @example
 * ```ts no-run
 * await setBackend(await webgpu())
 * registerBackend('webgpu', () => webgpu({ powerPreference: 'high-performance' }))
 * ```
 */
export async function webgpu(options: WebGpuOptions = {}): Promise<Backend> {
  const { tileRates, onTileRates } = options
  return new WebGpuBackend(await connect(options), undefined, { tileRates, onTileRates })
}
