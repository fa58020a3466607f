import { describe, expect, test } from 'vitest'
import { ShapeError } from './errors.ts'
import {
  broadcastShapes,
  checkShape,
  formatShape,
  normalizeAxes,
  normalizeAxis,
  sameShape,
  sizeOf,
  stridesOf,
} from './shape.ts'

test('sizes and strides of row-major arrays', () => {
  expect([sizeOf([]), sizeOf([2, 3]), sizeOf([2, 0, 3])]).toEqual([1, 6, 0])
  expect(stridesOf([])).toEqual([])
  expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1])
})

test('shapes are compared axis by axis', () => {
  expect(sameShape([2, 3], [2, 3])).toBe(true)
  expect(sameShape([2, 3], [3, 2])).toBe(false)
  expect(sameShape([2, 3], [2, 3, 1])).toBe(false)
})

test('shapes are written as error messages want them', () => {
  expect([formatShape([]), formatShape([2, 3])]).toEqual(['[]', '[2, 3]'])
})

describe('broadcastShapes', () => {
  test.each([
    [[], [], []],
    [[], [2, 3], [2, 3]],
    [[3], [2, 3], [2, 3]],
    [
      [2, 1, 4],
      [3, 1],
      [2, 3, 4],
    ],
    [[0], [1], [0]],
    [
      [1, 0],
      [5, 1],
      [5, 0],
    ],
  ])('%j and %j give %j', (a, b, result) => {
    expect(broadcastShapes('add', a, b)).toEqual(result)
    expect(broadcastShapes('add', b, a)).toEqual(result)
  })

  test('names the sizes that do not fit', () => {
    expect(() => broadcastShapes('add', [2, 3], [4, 3])).toThrow(
      'add: a is [2, 3] and b is [4, 3]; sizes 2 and 4 do not broadcast',
    )
    expect(() => broadcastShapes('add', [0], [2])).toThrow(ShapeError)
  })
})

describe('axes', () => {
  test('count from the end where they are negative', () => {
    expect([0, 2, -1, -3].map((axis) => normalizeAxis('sum', axis, 3))).toEqual([0, 2, 2, 0])
  })

  test.each([3, -4, 0.5, Number.NaN])('%d is no axis of rank 3', (axis) => {
    expect(() => normalizeAxis('sum', axis, 3)).toThrow(
      `sum: axis ${axis} for a tensor of rank 3; wanted an integer from -3 to 2.`,
    )
  })

  test('a scalar has none', () => {
    expect(() => normalizeAxis('sum', 0, 0)).toThrow('wanted no axis: a scalar has none')
    expect(normalizeAxes('sum', null, 0)).toEqual([])
  })

  test('come in order, each once', () => {
    expect(normalizeAxes('sum', null, 3)).toEqual([0, 1, 2])
    expect(normalizeAxes('sum', [-1, 0], 3)).toEqual([0, 2])
    expect(normalizeAxes('sum', [], 3)).toEqual([])
    expect(() => normalizeAxes('sum', [0, -3], 3)).toThrow('wanted each axis once')
  })
})

test('sizes are non-negative integers, and their product is exact', () => {
  for (const shape of [[], [0], [2, 3], [2 ** 26, 2 ** 26]]) checkShape('zeros', shape)
  for (const shape of [[-1], [1.5], [Number.NaN], [Number.POSITIVE_INFINITY]]) {
    expect(() => checkShape('zeros', shape)).toThrow('wanted sizes that are non-negative integers')
  }
  expect(() => checkShape('zeros', [2 ** 30, 2 ** 30])).toThrow('wanted at most 2^53 elements')
})
