import { BenchError } from '../errors.ts'

/** What everybody computes on who uses WebGPU. */
export interface Gpu {
  /** Of the adapter, as its driver gives it. */
  readonly name: string
  /** A fresh adapter: each gives one device. */
  requestAdapter(): Promise<GPUAdapter>
}

/**
 * Of Dawn, for everybody alike: tensor cores and float16 where the adapter has them, and workgroup
 * memory that is not cleared before a kernel writes it.
 */
const dawnOptions = [
  'enable-dawn-features=allow_unsafe_apis,vulkan_enable_f16_on_nvidia,disable_workgroup_init',
]

let provided: Promise<Gpu> | undefined

/**
 * Puts `navigator.gpu` and the constants of WebGPU where a browser has them: that is where our
 * backend and the peers look for them. Throws a `BenchError` where there is no adapter.
 */
export function provideGpu(): Promise<Gpu> {
  provided ??= connect()
  return provided
}

/** The name of the adapter, if anybody has asked for one. */
export async function usedGpuName(): Promise<string | undefined> {
  return provided && (await provided).name
}

async function connect(): Promise<Gpu> {
  const { create, globals } = await import('webgpu')
  Object.assign(globalThis, globals)
  const gpu = keepAdapters(create(dawnOptions))
  const navigator = { gpu, userAgent: `Node ${process.version}` }
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true })
  const requestAdapter = async () => {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
    if (adapter !== null) return adapter
    throw new BenchError(
      'WebGPU finds no adapter. On Linux it needs a Vulkan driver and libvulkan1; without a GPU it runs on SwiftShader: see the README.',
    )
  }
  const { info } = await requestAdapter()
  return { name: nameOf(info), requestAdapter }
}

/** A device of Dawn does not keep its adapter alive, and crashes without it; peers let go of it. */
function keepAdapters(gpu: GPU): Pick<GPU, 'requestAdapter'> {
  const kept: (GPUAdapter | null)[] = []
  return {
    async requestAdapter(options) {
      const adapter = await gpu.requestAdapter(options)
      kept.push(adapter)
      return adapter
    },
  }
}

function nameOf({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  const details = [vendor, architecture, description].filter((part) => part !== '')
  return `${device === '' ? 'unnamed adapter' : device} (${details.join(', ')})`
}
