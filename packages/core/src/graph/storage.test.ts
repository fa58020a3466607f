import { describe, expect, test } from 'vitest'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { collectGarbage } from './collect-garbage.testing.ts'
import { Storage } from './storage.ts'

describe('Storage', () => {
  test('is the whole of a buffer', () => {
    const backend = new NaiveBackend()
    const storage = new Storage(backend, 12)
    const [buffer] = backend.live
    expect(storage.view).toEqual({ buffer, byteOffset: 0, byteLength: 12 })
  })

  test('is freed when the last holder frees it', () => {
    const backend = new NaiveBackend()
    const storage = new Storage(backend, 4)
    expect(storage.share()).toBe(storage)
    storage.free()
    expect(storage.view).toBeDefined()
    storage.free()
    expect(storage.view).toBeUndefined()
    expect(backend.live.size).toBe(0)
    storage.free()
  })

  test('is freed when nothing can reach it any more', async () => {
    const backend = new NaiveBackend()
    ;(() => new Storage(backend, 4))()
    const freed = new Storage(backend, 8)
    freed.free()
    await collectGarbage(() => backend.live.size === 0)
    expect(backend.live.size).toBe(0)
  })
})
