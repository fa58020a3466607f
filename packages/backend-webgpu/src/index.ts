export type { DeviceLike, WebGpuOptions } from './adapter.ts'
export { webgpu } from './backend.ts'
