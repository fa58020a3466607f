import { Random } from '@tensorweft/testkit/plans'
import { expect, test } from 'vitest'
import { FreeRanges } from './free-ranges.ts'

test('never gives the same place twice, and merges what comes back', () => {
  const random = new Random(11)
  const size = 200
  const free = new FreeRanges(size)
  const owner = new Array<number>(size).fill(0)
  const held = new Map<number, { start: number; length: number }>()
  for (let id = 1; id <= 3000; id++) {
    const length = random.integer(1, 30)
    const start = random.chance(0.55) ? free.take(length) : undefined
    if (start !== undefined) {
      expect(owner.slice(start, start + length).every((who) => who === 0)).toBe(true)
      expect(start + length).toBeLessThanOrEqual(size)
      owner.fill(id, start, start + length)
      held.set(id, { start, length })
      continue
    }
    const [oldest] = random.shuffled([...held.keys()])
    const range = held.get(oldest ?? 0)
    if (range === undefined) continue
    held.delete(oldest ?? 0)
    owner.fill(0, range.start, range.start + range.length)
    free.give(range.start, range.length)
  }
  for (const { start, length } of held.values()) free.give(start, length)
  expect(free.isEmpty).toBe(true)
  expect(free.take(size)).toBe(0)
})

test('takes the smallest range that is large enough', () => {
  const free = new FreeRanges(100)
  for (const length of [10, 1, 20, 1, 15]) free.take(length)
  free.give(0, 10)
  free.give(11, 20)
  free.give(32, 15)
  expect(free.take(12)).toBe(11)
  expect(free.take(9)).toBe(0)
  expect(free.take(101)).toBeUndefined()
})
