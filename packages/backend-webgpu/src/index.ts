export type { DeviceLike, WebGpuOptions } from './options.ts'
export { webgpu } from './webgpu.ts'
