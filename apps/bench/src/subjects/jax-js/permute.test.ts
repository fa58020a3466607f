import { expect, test } from 'vitest'
import { permute } from './permute.ts'

test('turns a matrix', () => {
  const values = Float32Array.of(1, 2, 3, 4, 5, 6)
  expect(permute(values, [2, 3], [1, 0])).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6))
})

test('brings the last axis of three to the front', () => {
  const values = Float32Array.from({ length: 24 }, (_, i) => i)
  const turned = permute(values, [2, 3, 4], [2, 0, 1])
  // Place [k, i, j] of [4, 2, 3] holds place [i, j, k] of [2, 3, 4].
  expect(turned[3 * 6 + 1 * 3 + 2]).toBe(1 * 12 + 2 * 4 + 3)
  expect(permute(turned, [4, 2, 3], [1, 2, 0])).toEqual(values)
})
