import { afterEach, describe, expect, test, vi } from 'vitest'
import { macrotask } from './macrotask.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a macrotask', () => {
  const hosts: readonly (readonly [string, readonly string[]])[] = [
    ['setImmediate', []],
    ['MessageChannel', ['setImmediate']],
    ['setTimeout', ['setImmediate', 'MessageChannel']],
  ]
  test.each(hosts)('with %s lets others have their turn', async (_, missing) => {
    let turned = false
    const { setTimeout, setImmediate } = globalThis
    for (const name of missing) vi.stubGlobal(name, undefined)
    const turn = new Promise<void>((resolve) => {
      setImmediate(() => {
        turned = true
        resolve()
      })
    })
    // A timer of 0 and a message may both come before setImmediate, but not in the same turn.
    for (let i = 0; i < 10 && !turned; i++) await macrotask()
    expect(turned).toBe(true)
    await turn
    vi.unstubAllGlobals()
    expect(globalThis.setTimeout).toBe(setTimeout)
  })

  test('is none where the host has nothing', async () => {
    for (const name of ['setImmediate', 'MessageChannel', 'setTimeout']) {
      vi.stubGlobal(name, undefined)
    }
    await macrotask()
  })
})
