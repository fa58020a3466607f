import { BackendError } from '@tensorweft/core'
import { afterEach, expect, test, vi } from 'vitest'
import { webgpu } from './index.ts'

afterEach(() => vi.unstubAllGlobals())

const stubAdapter = (adapter: object | null) =>
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => adapter } })

test('without an adapter the error says what to install', async () => {
  stubAdapter(null)
  await expect(webgpu()).rejects.toThrow(/no adapter[\s\S]*libvulkan1/)
  await expect(webgpu()).rejects.toThrow(BackendError)
})

test('an adapter that gives no device says why', async () => {
  const refuse = () => Promise.reject(new Error('the driver is gone'))
  stubAdapter({ limits: {}, requestDevice: refuse })
  await expect(webgpu()).rejects.toThrow('the driver is gone')
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
