export type { DeviceLike, WebGpuOptions } from './options.ts'
export type { TileRates } from './tiles/tile-rates.ts'
export { webgpu } from './webgpu.ts'
