import { BackendError } from '@tensorweft/core'
import { chromium } from '@tensorweft/testkit/swift-shader'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { connect } from './adapter.ts'
import { featuresOf } from './device-features.ts'
import { webgpu } from './index.ts'
import { createOnDevice } from './testing/backends.testing.ts'
import { NullDevice } from './testing/null-device.testing.ts'

afterEach(() => vi.unstubAllGlobals())

const stubAdapter = (adapter: object | null) => {
  const requestAdapter = vi.fn(async () => adapter)
  vi.stubGlobal('navigator', { gpu: { requestAdapter } })
  return requestAdapter
}

const refusing = {
  features: new Set(['subgroups', 'depth-clip-control']),
  limits: { maxBufferSize: 1024, maxStorageBufferBindingSize: 512 },
  info: { vendor: 'acme', architecture: 'one' },
  requestDevice: () => Promise.reject(new Error('the driver is gone')),
}

test('without an adapter the error says what to install', async () => {
  stubAdapter(null)
  await expect(webgpu()).rejects.toThrow(/no adapter[\s\S]*libvulkan1/)
  await expect(webgpu()).rejects.toThrow(BackendError)
})

test('wishes reach the browser, and no others', async () => {
  const requestAdapter = stubAdapter(null)
  await expect(webgpu({ powerPreference: 'low-power' })).rejects.toThrow()
  await expect(webgpu({ forceFallbackAdapter: true })).rejects.toThrow()
  expect(requestAdapter.mock.calls).toEqual([
    [{ powerPreference: 'low-power' }],
    [{ forceFallbackAdapter: true }],
  ])
})

test('an adapter that refuses a feature or a limit that it claims says which were asked for', async () => {
  stubAdapter(refusing)
  const error = await webgpu().catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(BackendError)
  expect(error).toMatchObject({
    got: 'the adapter acme one, which gives no device: the driver is gone',
    wanted: expect.stringMatching(/maxBufferSize 1024, .*, subgroups$/),
    hint: expect.stringContaining('webgpu({ device:'),
    cause: expect.any(Error),
  })
})

test('an engine without WebGPU says where there is some', async () => {
  vi.stubGlobal('navigator', {})
  vi.stubGlobal('process', {})
  await expect(webgpu()).rejects.toThrow('navigator.gpu is undefined')
})

test('a device has to be one', async () => {
  const lost = new Promise<never>(() => {})
  const device = { limits: {}, queue: {}, lost, destroy: () => {} }
  await expect(webgpu({ device })).rejects.toThrow('GPUDevice')
})

test('a device has to have the limits that every kernel counts on', async () => {
  const device = new NullDevice()
  device.limits.maxComputeInvocationsPerWorkgroup = 128
  device.limits.maxComputeWorkgroupSizeX = 128
  await expect(webgpu({ device })).rejects.toThrow(BackendError)
  await expect(webgpu({ device })).rejects.toMatchObject({
    got: 'a device with maxComputeInvocationsPerWorkgroup 128, maxComputeWorkgroupSizeX 128',
    wanted: expect.stringMatching(/^at least 256, 256, .*featureLevel 'compatibility'/),
  })
})

test('what a device has is read from it and from its adapter', () => {
  const deviceWith = (...features: string[]) => ({ features: new Set(features) })
  expect(featuresOf(deviceWith(), {})).toEqual({
    subgroups: undefined,
    timestamps: false,
    hasHalves: false,
    isSoftware: false,
  })
  const sizes = { subgroupMinSize: 8, subgroupMaxSize: 32, isFallbackAdapter: true }
  expect(featuresOf(deviceWith('subgroups', 'timestamp-query', 'shader-f16'), sizes)).toEqual({
    subgroups: { min: 8, max: 32 },
    timestamps: true,
    hasHalves: true,
    isSoftware: true,
  })
  expect(featuresOf(deviceWith('subgroups'), undefined).subgroups).toEqual({ min: 4, max: 128 })
})

describe.skipIf(chromium === undefined)('a device', () => {
  test('has the features of its adapter, also when the caller passes it', async () => {
    const { backend, device } = await createOnDevice()
    const { features, isOwned } = await connect({ device })
    expect(isOwned).toBe(false)
    expect(features).toMatchObject({
      subgroups: { min: 4, max: 4 },
      timestamps: true,
      isSoftware: true,
    })
    await backend.dispose()
  })
})
