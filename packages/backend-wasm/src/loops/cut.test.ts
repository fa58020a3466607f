import { expect, test } from 'vitest'
import { chooseCut } from './cut.ts'

test('the outermost axis that is long enough is cut', () => {
  expect(chooseCut([0, 1], [100, 50], 1, 1, 8)).toEqual({
    axis: 0,
    size: 100,
    length: 13,
    pieces: 8,
  })
  expect(chooseCut([0, 1], [3, 1000], 1, 2, 8)).toEqual({
    axis: 1,
    size: 1000,
    length: 128,
    pieces: 8,
  })
  expect(chooseCut([0, 1], [1000, 64], 1, 1, 8)?.axis).toBe(0)
})

test('where none is long enough it is the one with the most pieces', () => {
  expect(chooseCut([0, 1, 2], [2, 5, 16], 2, 4, 8)).toMatchObject({ axis: 1, pieces: 5 })
})

test('stretches of a vector axis begin at cache lines', () => {
  expect(chooseCut([0], [100], 0, 1, 3)).toEqual({ axis: 0, size: 100, length: 48, pieces: 3 })
  expect(chooseCut([0], [1000], 0, 8, 3)).toEqual({ axis: 0, size: 1000, length: 352, pieces: 3 })
})

test('what is too small, or not worth it, is not cut', () => {
  expect(chooseCut([0, 1], [1, 16], 1, 1, 8)).toBeUndefined()
  expect(chooseCut([], [], undefined, 1, 8)).toBeUndefined()
  expect(chooseCut([0], [1000], 0, 1, 1)).toBeUndefined()
})
