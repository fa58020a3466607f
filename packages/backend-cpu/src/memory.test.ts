import { BackendError, OutOfMemoryError } from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { cpu } from './index.ts'

describe('buffers', () => {
  test('hold what was written to them', async () => {
    const backend = cpu()
    const buffer = backend.allocate(8)
    backend.write(buffer, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))
    backend.write(buffer, Uint8Array.of(9, 10), 3)
    expect(Array.from(await backend.read(buffer))).toEqual([1, 2, 3, 9, 10, 6, 7, 8])
    expect(Array.from(await backend.read(buffer, 6))).toEqual([7, 8])
    expect(Array.from(await backend.read(buffer, 2, 3))).toEqual([3, 9, 10])
    expect(Array.from(await backend.read(buffer, 8))).toEqual([])
  })

  test('are read as copies of that moment', async () => {
    const backend = cpu()
    const buffer = backend.allocate(1)
    backend.write(buffer, Uint8Array.of(1))
    const before = backend.read(buffer)
    backend.write(buffer, Uint8Array.of(2))
    expect(Array.from(await before)).toEqual([1])
    ;(await before)[0] = 3
    expect(Array.from(await backend.read(buffer))).toEqual([2])
  })

  test('may be empty', async () => {
    const backend = cpu()
    const buffer = backend.allocate(0)
    backend.write(buffer, new Uint8Array())
    expect((await backend.read(buffer)).length).toBe(0)
    backend.free(buffer)
  })

  test('are new handles even where memory is reused', async () => {
    const backend = cpu()
    const first = backend.allocate(64)
    backend.free(first)
    const second = backend.allocate(64)
    expect(second).not.toBe(first)
    await expect(backend.read(first)).rejects.toThrow(/was freed/)
    backend.write(second, new Uint8Array(64))
  })
})

describe('mistakes', () => {
  test('a freed buffer', async () => {
    const backend = cpu()
    const buffer = backend.allocate(4)
    backend.free(buffer)
    expect(() => backend.free(buffer)).toThrow(BackendError)
    expect(() => backend.write(buffer, new Uint8Array(1))).toThrow(BackendError)
    await expect(backend.read(buffer)).rejects.toThrow(BackendError)
  })

  test('a buffer of somebody else', async () => {
    const backend = cpu()
    const foreign = cpu().allocate(4)
    expect(() => backend.free(foreign)).toThrow(/did not allocate/)
    expect(() => backend.write(foreign, new Uint8Array(1))).toThrow(BackendError)
    await expect(backend.read({})).rejects.toThrow(BackendError)
  })

  test('ranges outside the buffer', async () => {
    const backend = cpu()
    const buffer = backend.allocate(4)
    expect(() => backend.write(buffer, new Uint8Array(5))).toThrow(BackendError)
    expect(() => backend.write(buffer, new Uint8Array(2), 3)).toThrow(/2 bytes at byte 3/)
    expect(() => backend.write(buffer, new Uint8Array(1), -1)).toThrow(BackendError)
    await expect(backend.read(buffer, 0, 5)).rejects.toThrow(BackendError)
    await expect(backend.read(buffer, 5)).rejects.toThrow(BackendError)
    await expect(backend.read(buffer, 0.5, 1)).rejects.toThrow(BackendError)
  })

  test('sizes that are no sizes', () => {
    expect(() => cpu().allocate(-1)).toThrow(BackendError)
    expect(() => cpu().allocate(1.5)).toThrow(BackendError)
  })

  test('more memory than there can be', () => {
    const backend = cpu()
    backend.allocate(10)
    const byteLength = 2 ** 45
    expect(() => backend.allocate(byteLength)).toThrow(OutOfMemoryError)
    expect(() => backend.allocate(byteLength)).toThrow(/35184372088832 bytes while 10 are held/)
  })

  test('a backend that was disposed', async () => {
    const backend = cpu()
    const buffer = backend.allocate(4)
    await backend.finish()
    await backend.dispose()
    await backend.dispose()
    expect(() => backend.allocate(4)).toThrow(BackendError)
    await expect(backend.read(buffer)).rejects.toThrow(/disposed/)
    backend.free(buffer)
  })
})
