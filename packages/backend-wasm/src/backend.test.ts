import { BackendError, OutOfMemoryError } from '@tensorweft/core'
import { planOf } from '@tensorweft/testkit/plans'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { wasm } from './index.ts'

describe('buffers', () => {
  test('hold what was written to them', async () => {
    const backend = wasm()
    const buffer = backend.allocate(8)
    backend.write(buffer, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))
    backend.write(buffer, Uint8Array.of(9, 10), 3)
    expect([...(await backend.read(buffer))]).toEqual([1, 2, 3, 9, 10, 6, 7, 8])
    expect([...(await backend.read(buffer, 2, 3))]).toEqual([3, 9, 10])
    await backend.finish()
  })

  test('a read is a copy of what was there when it was asked for', async () => {
    const backend = wasm()
    const buffer = backend.allocate(4)
    backend.write(buffer, Uint8Array.of(1, 2, 3, 4))
    const read = backend.read(buffer)
    backend.write(buffer, Uint8Array.of(5, 6, 7, 8))
    backend.free(buffer)
    expect([...(await read)]).toEqual([1, 2, 3, 4])
  })

  test('what cannot be done is refused', async () => {
    const backend = wasm()
    const buffer = backend.allocate(4)
    expect(() => backend.write(buffer, new Uint8Array(5))).toThrow(BackendError)
    await expect(backend.read(buffer, 0, 5)).rejects.toThrow(BackendError)
    await expect(backend.read({})).rejects.toThrow('did not allocate')
    expect(() => backend.allocate(2 ** 31)).toThrow(OutOfMemoryError)
  })
})

test('a backend that was disposed says so', async () => {
  const backend = wasm()
  const buffer = backend.allocate(4)
  await backend.dispose()
  expect(() => backend.allocate(4)).toThrow('wasm.allocate: a backend that was disposed')
  expect(() => backend.write(buffer, new Uint8Array(1))).toThrow(BackendError)
  expect(() => backend.compile(planOf({ kernels: [], inputs: [], outputs: [] }))).toThrow(
    'create another with wasm()',
  )
  await expect(backend.read(buffer)).rejects.toThrow(BackendError)
  backend.free(buffer)
  await backend.dispose()
})

test('a system that has no room for one more memory is told of', () => {
  vi.stubGlobal('WebAssembly', {
    ...WebAssembly,
    Memory: function Memory() {
      throw new RangeError('could not allocate memory')
    },
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  expect(() => wasm()).toThrow(OutOfMemoryError)
})

test.each([0, -1, 1.5, Number.NaN])('%d threads are refused', (threads) => {
  expect(() => wasm({ threads })).toThrow(
    `threads: ${threads}; wanted a whole number from 1 to 1024`,
  )
})

test('capabilities are data', () => {
  const { name, capabilities } = wasm()
  expect(name).toBe('wasm')
  expect(JSON.parse(JSON.stringify(capabilities))).toEqual(capabilities)
  expect(capabilities.dtypes).not.toContain('float64')
})
