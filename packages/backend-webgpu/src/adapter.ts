import { BackendError } from '@tensorweft/core'
import { checkedFeatures, type DeviceFeatures, wantedFeatures } from './device-features.ts'
import { messageOf } from './faults.ts'
import type { DeviceLike, WebGpuOptions } from './options.ts'

/** A device that a backend computes on. */
export interface Connection {
  readonly device: GPUDevice
  /** What its adapter says that it is. */
  readonly adapter: string
  readonly features: DeviceFeatures
  /** Whether the device ends with the backend. */
  readonly isOwned: boolean
}

// Dawn's objects do not keep alive what they came from, and crash without it.
let dawnInstance: Promise<GPU> | undefined
const usedAdapters = new Set<GPUAdapter>()

/** Kernels write all workgroup memory before they read it, so Dawn need not clear it. */
const dawnOptions = ['enable-dawn-features=disable_workgroup_init']

/** Limits in which the defaults of WebGPU are far below what adapters have. */
const raisedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
] as const

/** What kernels need; devices for old hardware (`featureLevel: 'compatibility'`) may have less. */
const leastLimits = [
  ['maxComputeInvocationsPerWorkgroup', 256],
  ['maxComputeWorkgroupSizeX', 256],
  ['maxComputeWorkgroupStorageSize', 2 ** 14],
] as const

/** The caller's device, or one of the browser's or of Dawn's best adapter. */
export async function connect(options: WebGpuOptions): Promise<Connection> {
  const { device, powerPreference, forceFallbackAdapter } = options
  if (device !== undefined) {
    const own = checkDevice(device)
    return connectionTo(own, own.adapterInfo, false)
  }
  const gpu = await findGpu()
  const adapter = await gpu.requestAdapter({
    ...(powerPreference && { powerPreference }),
    ...(forceFallbackAdapter && { forceFallbackAdapter }),
  })
  if (adapter === null) throw noAdapter()
  usedAdapters.add(adapter)
  return connectionTo(await requestDevice(adapter), adapter.info, true)
}

async function connectionTo(
  device: GPUDevice,
  info: GPUAdapterInfo | undefined,
  isOwned: boolean,
): Promise<Connection> {
  checkLimits(device)
  const { vendor, architecture, device: name, description } = info ?? {}
  const adapter = [vendor, architecture, name, description].filter(Boolean).join(' ')
  return { device, adapter, features: await checkedFeatures(device, info), isOwned }
}

/** A device with all that the adapter has of what kernels can use. */
async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredFeatures = wantedFeatures.filter((name) => adapter.features.has(name))
  const requiredLimits = Object.fromEntries(
    raisedLimits.map((name) => [name, adapter.limits[name]]),
  )
  try {
    return await adapter.requestDevice({ requiredFeatures, requiredLimits })
  } catch (cause) {
    // Browsers of 2023 have none.
    const { vendor = '', architecture = '' } = adapter.info ?? {}
    const asked = Object.entries(requiredLimits).map(([name, limit]) => `${name} ${limit}`)
    throw new BackendError('webgpu', {
      got: `the adapter ${vendor} ${architecture}, which gives no device: ${messageOf(cause)}`,
      wanted: `what it says that it has: ${[...asked, ...requiredFeatures].join(', ')}`,
      hint:
        'reload the page or restart the program, and update the driver if it stays; or pass a ' +
        'device: webgpu({ device: await adapter.requestDevice() })',
      cause,
    })
  }
}

function checkDevice(device: DeviceLike): GPUDevice {
  if (isDevice(device)) return device
  throw new BackendError('webgpu', {
    got: 'a device without the methods of a GPUDevice',
    wanted: 'what GPUAdapter.requestDevice() resolves with',
  })
}

function checkLimits({ limits }: GPUDevice): void {
  const low = leastLimits.filter(([name, least]) => limits[name] < least)
  if (low.length === 0) return
  throw new BackendError('webgpu', {
    got: `a device with ${low.map(([name]) => `${name} ${limits[name]}`).join(', ')}`,
    wanted: `at least ${low.map(([, least]) => least).join(', ')}, as all but devices of featureLevel 'compatibility' have`,
    hint: 'use @tensorweft/backend-wasm here',
  })
}

function isDevice(device: object): device is GPUDevice {
  return 'createComputePipelineAsync' in device && 'createBuffer' in device
}

async function findGpu(): Promise<GPU> {
  const { navigator, process } = globalThis as {
    navigator?: { gpu?: GPU }
    process?: { versions?: { node?: string } }
  }
  if (navigator?.gpu !== undefined) return navigator.gpu
  if (process?.versions?.node !== undefined) return dawn()
  throw new BackendError('webgpu', {
    got: 'a JavaScript engine without WebGPU (navigator.gpu is undefined)',
    wanted: 'a browser with WebGPU, on a page from https or localhost',
    hint: 'update the browser, or use @tensorweft/backend-wasm here',
  })
}

function dawn(): Promise<GPU> {
  dawnInstance ??= createDawn().catch((error) => {
    dawnInstance = undefined
    throw error
  })
  return dawnInstance
}

async function createDawn(): Promise<GPU> {
  // A name that bundlers cannot follow: browsers never get here.
  const name = 'webgpu'
  let module: unknown
  try {
    module = await import(/* @vite-ignore */ /* webpackIgnore: true */ name)
  } catch (cause) {
    throw new BackendError('webgpu', {
      got: `no WebGPU in Node: ${messageOf(cause)}`,
      wanted: "the package 'webgpu'",
      hint: 'npm install webgpu',
      cause,
    })
  }
  if (isDawn(module)) return module.create(dawnOptions)
  throw new BackendError('webgpu', {
    got: "a package 'webgpu' without the function create",
    wanted: 'Dawn for Node, version 0.3 or later',
    hint: 'npm install webgpu@latest',
  })
}

function isDawn(module: unknown): module is { create(options: readonly string[]): GPU } {
  return (
    typeof module === 'object' &&
    module !== null &&
    'create' in module &&
    typeof module.create === 'function'
  )
}

function noAdapter(): BackendError {
  return new BackendError('webgpu', {
    got: 'no adapter',
    wanted: 'a GPU that WebGPU can use',
    hint:
      'browser: check chrome://gpu or about:support and turn on hardware acceleration; Node on ' +
      'Linux: install a Vulkan driver and libvulkan1; anywhere: use @tensorweft/backend-wasm',
  })
}
