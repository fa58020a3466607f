import { expect, test } from 'vitest'
import { median } from './median.ts'

test('is the middle value, or the mean of the middle two', () => {
  expect(median([3, 1, 10])).toBe(3)
  expect(median([4, 1, 10, 2])).toBe(3)
  expect(median([])).toBeNaN()
})
