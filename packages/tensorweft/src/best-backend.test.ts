import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

beforeEach(() => {
  vi.resetModules()
})

afterEach(() => {
  vi.unstubAllGlobals()
})

/** The package as in a program that has just begun. */
const fresh = () => import('./index.ts')

/** A browser whose WebGPU answers with this adapter. */
function stubGpu(requestAdapter: () => Promise<unknown>) {
  vi.stubGlobal('navigator', { gpu: { requestAdapter } })
}

async function bestName(): Promise<string> {
  const { bestBackend } = await fresh()
  return (await bestBackend()).name
}

describe('bestBackend', () => {
  test('is wasm in Node, one instance with that of its name, and sets nothing', async () => {
    const { bestBackend, currentBackend, setBackend } = await fresh()
    const best = await bestBackend()
    expect(best.name).toBe('wasm')
    expect(() => currentBackend()).toThrow('not there yet')
    expect(await setBackend('wasm')).toBe(best)
  })

  test('is webgpu where there is a GPU', async () => {
    const adapter = { info: { isFallbackAdapter: false } }
    stubGpu(async () => adapter)
    const { bestBackend, registerBackend } = await fresh()
    const { cpu } = await import('@tensorweft/backend-cpu')
    const standIn = cpu()
    registerBackend('webgpu', () => standIn)
    expect(await bestBackend()).toBe(standIn)
  })

  test.each([
    ['gives no adapter', async () => null],
    ['fails', () => Promise.reject(new Error('lost'))],
    ['has software for one', async () => ({ info: { isFallbackAdapter: true } })],
    ['has software for one and says so in the old way', async () => ({ isFallbackAdapter: true })],
    [
      'gives no device',
      async () => ({
        limits: {},
        features: new Set(),
        requestDevice: () => Promise.reject(new Error('no device')),
      }),
    ],
  ])('is wasm where WebGPU %s', async (_, requestAdapter) => {
    stubGpu(requestAdapter)
    expect(await bestName()).toBe('wasm')
  })

  test.each([
    ['there is no WebAssembly', undefined],
    [
      'a policy forbids it',
      {
        Module: class {
          constructor() {
            throw new Error('unsafe-eval')
          }
        },
      },
    ],
  ])('is cpu where %s', async (_, webAssembly) => {
    const { bestBackend, setBackend, tensor } = await fresh()
    vi.stubGlobal('WebAssembly', webAssembly)
    const best = await bestBackend()
    vi.unstubAllGlobals()
    await setBackend(best)
    expect(best.name).toBe('cpu')
    expect(await tensor([1, 2]).sum().item()).toBe(3)
  })

  test('does not hide an error that is none of a backend', async () => {
    const { bestBackend, registerBackend } = await fresh()
    registerBackend('wasm', () => {
      throw new TypeError('a mistake')
    })
    await expect(bestBackend()).rejects.toThrow('a mistake')
  })
})
