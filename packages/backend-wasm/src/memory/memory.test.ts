import { BackendError, OutOfMemoryError } from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { Memory } from './memory.ts'

const page = 65_536

describe('allocation', () => {
  test('buffers start at multiples of 256 bytes and do not overlap', () => {
    const memory = new Memory(100)
    const views = [1, 0, 300, 256, 5].map((byteLength) => {
      const buffer = memory.allocate(byteLength)
      return {
        byteLength,
        address: memory.locate('run', { buffer, byteOffset: 0, byteLength }, byteLength),
      }
    })
    const sorted = [...views].sort((a, b) => a.address - b.address)
    sorted.forEach(({ address, byteLength }, k) => {
      expect(address % 256).toBe(0)
      expect(address).toBeGreaterThan(0)
      expect(address + byteLength).toBeLessThanOrEqual(sorted[k + 1]?.address ?? page)
    })
  })

  test('grows, keeps what it holds, and uses freed bytes again', () => {
    const memory = new Memory(1000)
    const first = memory.allocate(1000)
    memory.bytesOf(memory.range('write', first, 0, 3)).set([1, 2, 3])
    const second = memory.allocate(20 * page)
    expect([...memory.bytesOf(memory.range('read', first, 0, 3))]).toEqual([1, 2, 3])
    const grown = memory.bytes.byteLength
    for (let round = 0; round < 100; round++) memory.retire(memory.allocate(300_000))()
    memory.retire(second)()
    memory.allocate(20 * page)
    expect(memory.bytes.byteLength - grown).toBeLessThanOrEqual(6 * page)
  })

  test('the limit is an error that says what was asked and what is held', () => {
    const memory = new Memory(20)
    memory.allocate(10 * page)
    memory.take(2 * page)
    expect(() => memory.allocate(9 * page)).toThrow(OutOfMemoryError)
    expect(() => memory.allocate(9 * page)).toThrow(
      `wasm.allocate: a request for ${9 * page} bytes while buffers hold ${10 * page} and compiled plans ${2 * page}`,
    )
    expect(() => memory.allocate(3 * 2 ** 30)).toThrow('at most 2147483647 in one piece')
    memory.allocate(7 * page)
  })

  test('refuses sizes that are no whole numbers', () => {
    const memory = new Memory(20)
    expect(() => memory.allocate(-1)).toThrow(BackendError)
    expect(() => memory.allocate(1.5)).toThrow('wanted a whole number of bytes')
    expect(() => memory.allocate(Number.NaN)).toThrow(BackendError)
  })
})

describe('handles', () => {
  test('of other memories, of nothing and freed ones are refused', () => {
    const memory = new Memory(20)
    const foreign = new Memory(20).allocate(4)
    expect(() => memory.retire(foreign)).toThrow('a buffer that this backend did not allocate')
    expect(() => memory.range('read', {}, 0)).toThrow(BackendError)
    const buffer = memory.allocate(4)
    memory.retire(buffer)()
    expect(() => memory.retire(buffer)).toThrow('a buffer of 4 bytes that was freed')
    expect(() => memory.range('read', buffer, 0)).toThrow('was freed')
  })

  test('ranges beyond the buffer are refused', () => {
    const memory = new Memory(20)
    const buffer = memory.allocate(8)
    expect(memory.bytesOf(memory.range('read', buffer, 2))).toHaveLength(6)
    expect(memory.bytesOf(memory.range('read', buffer, 8))).toHaveLength(0)
    expect(() => memory.range('read', buffer, 4, 5)).toThrow('5 bytes at byte 4 of a buffer of 8')
    expect(() => memory.range('read', buffer, -1, 2)).toThrow(BackendError)
    const view = { buffer, byteOffset: 0, byteLength: 4 }
    expect(() => memory.locate('run', view, 8)).toThrow('a view of 4 bytes')
  })
})

test('what was lost is an error until it is there again', () => {
  const memory = new Memory(20)
  const [first, second] = [{ buffer: memory.allocate(4) }, { buffer: memory.allocate(4) }]
  memory.mark([first], new Error('lost in a run'))
  expect(() => memory.checkIntact([second, first])).toThrow('lost in a run')
  memory.checkIntact([second])
  memory.mark([first, second], undefined)
  memory.checkIntact([first, second])
})

test('scratch memory grows, and what it was before can be used again', () => {
  const memory = new Memory(30)
  memory.reserveScratch(4 * page)()
  const before = memory.scratch
  memory.reserveScratch(2 * page)()
  expect(memory.scratch).toBe(before)
  memory.reserveScratch(8 * page)()
  expect(memory.scratch).not.toBe(before)
  expect(
    memory.locate('run', { buffer: memory.allocate(4 * page), byteOffset: 0, byteLength: 4 }, 4),
  ).toBe(before)
})

test('scratch memory shrinks to what is still needed', () => {
  const memory = new Memory(30)
  const sizes = [4, 12, 2, 12].map((pages) => pages * page)
  for (const size of sizes) memory.reserveScratch(size)()
  const largest = memory.scratch
  memory.releaseScratch(12 * page)
  expect(memory.scratch).toBe(largest)
  memory.releaseScratch(12 * page)
  const used = [8, 12].map((pages) => memory.allocate(pages * page))
  memory.releaseScratch(2 * page)
  expect(() => memory.allocate(8 * page)).toThrow(`compiled plans ${4 * page}`)
  memory.releaseScratch(4 * page)
  expect(() => memory.allocate(11 * page)).toThrow('compiled plans 0')
  for (const buffer of used) memory.retire(buffer)()
  memory.reserveScratch(20 * page)()
  memory.releaseScratch(20 * page)
  memory.allocate(28 * page)
})

test('scratch memory that does not fit leaves all as it was', () => {
  const memory = new Memory(10)
  memory.reserveScratch(2 * page)()
  const before = memory.scratch
  expect(() => memory.reserveScratch(12 * page)).toThrow(OutOfMemoryError)
  expect(memory.scratch).toBe(before)
  memory.releaseScratch(2 * page)
  memory.allocate(9 * page)
})

test('a shared memory keeps what it holds when it grows', () => {
  const memory = new Memory(100, true)
  const buffer = memory.allocate(3)
  memory.bytesOf(memory.range('write', buffer, 0)).set([1, 2, 3])
  memory.allocate(50 * page)
  expect([...memory.bytesOf(memory.range('read', buffer, 0))]).toEqual([1, 2, 3])
  expect(memory.bytes.byteLength).toBeGreaterThan(50 * page)
})
