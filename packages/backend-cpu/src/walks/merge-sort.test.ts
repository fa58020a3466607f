import { expect, test } from 'vitest'
import { Random } from '../plans.testing.ts'
import { MergeSort } from './merge-sort.ts'

function sorted(values: readonly number[], isDescending: boolean): number[] {
  const sort = new MergeSort(values.length + 3)
  // What an earlier sort left behind does not matter.
  sort.keys.fill(Number.NaN)
  sort.sort(values.length, !isDescending)
  sort.keys.set(values)
  return Array.from(sort.sort(values.length, isDescending).subarray(0, values.length))
}

/** Array.prototype.sort is stable. */
function wanted(values: readonly number[], isDescending: boolean): number[] {
  const positions = values.map((_, position) => position)
  const isNumber = (position: number) => !Number.isNaN(values[position])
  const sign = isDescending ? -1 : 1
  const numbers = positions.filter(isNumber)
  numbers.sort((a, b) => {
    const [x = 0, y = 0] = [values[a], values[b]]
    return x === y ? 0 : x < y ? -sign : sign
  })
  return [...numbers, ...positions.filter((position) => !isNumber(position))]
}

test('any length, with ties and NaN, in both directions', () => {
  const random = new Random(1)
  const infinity = Number.POSITIVE_INFINITY
  const special = [Number.NaN, 0, -0, infinity, -infinity] as const
  for (let length = 0; length <= 300; length++) {
    const values = Array.from({ length }, () =>
      random.uniform() < 0.3 ? random.pick([...special]) : random.integer(-length, length) / 4,
    )
    for (const isDescending of [false, true]) {
      expect(sorted(values, isDescending)).toEqual(wanted(values, isDescending))
    }
  }
})

test('only NaN, only equal numbers, and numbers that are in order', () => {
  const identity = Array.from({ length: 100 }, (_, k) => k)
  for (const isDescending of [false, true]) {
    for (const value of [Number.NaN, 5, -0]) {
      expect(sorted(new Array(100).fill(value), isDescending)).toEqual(identity)
    }
  }
  expect(sorted(identity, false)).toEqual(identity)
  expect(sorted(identity, true)).toEqual(identity.toReversed())
})
