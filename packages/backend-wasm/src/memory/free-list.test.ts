import { Random } from '@tensorweft/testkit/plans'
import { describe, expect, test } from 'vitest'
import { FreeList } from './free-list.ts'

test('takes from the smallest stretch that fits', () => {
  const list = new FreeList()
  list.give(0, 100)
  list.give(200, 40)
  list.give(300, 50)
  expect(list.take(45)).toBe(300)
  expect(list.take(40)).toBe(200)
  expect(list.take(101)).toBeUndefined()
  expect(list.take(100)).toBe(0)
  expect(list.take(5)).toBe(345)
  expect(list.take(1)).toBeUndefined()
})

test('joins neighbours on both sides', () => {
  const list = new FreeList()
  list.give(0, 10)
  list.give(20, 10)
  expect(list.take(30)).toBeUndefined()
  list.give(10, 10)
  expect(list.take(30)).toBe(0)
})

test('knows what is free at the end', () => {
  const list = new FreeList()
  list.give(50, 50)
  expect(list.tail(100)).toBe(50)
  expect(list.tail(200)).toBe(0)
  expect(list.take(50)).toBe(50)
  expect(list.tail(100)).toBe(0)
})

describe('random use', () => {
  test('never hands out a byte twice, and ends as one stretch', () => {
    const random = new Random(3)
    const list = new FreeList()
    const total = 10_000
    list.give(0, total)
    const held: { offset: number; size: number }[] = []
    const used = new Uint8Array(total)
    for (let round = 0; round < 5000; round++) {
      if (held.length > 0 && random.chance(0.5)) {
        const [block] = held.splice(random.integer(0, held.length - 1), 1)
        if (block === undefined) continue
        used.fill(0, block.offset, block.offset + block.size)
        list.give(block.offset, block.size)
      } else {
        const size = random.integer(1, 400)
        const offset = list.take(size)
        if (offset === undefined) continue
        expect(used.subarray(offset, offset + size).every((byte) => byte === 0)).toBe(true)
        used.fill(1, offset, offset + size)
        held.push({ offset, size })
      }
    }
    for (const { offset, size } of held) list.give(offset, size)
    expect(list.take(total)).toBe(0)
  })
})
