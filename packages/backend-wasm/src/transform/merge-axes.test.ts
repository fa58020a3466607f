import { expect, test } from 'vitest'
import { index } from '../plans.testing.ts'
import { mergeAxes } from './merge-axes.ts'

test('neighbours that all indexes run through become one axis', () => {
  const indices = [index(3, [12, 4, 1]), index(0, [24, 8, 2])]
  const { sizes, groups, rewrite } = mergeAxes([2, 3, 4], [[0, 1, 2]], indices)
  expect(groups).toEqual([[2]])
  expect(sizes).toEqual([1, 1, 24])
  expect(indices.map(rewrite)).toEqual([index(3, [0, 0, 1]), index(0, [0, 0, 2])])
})

test('axes of one point go, and groups stay apart', () => {
  const indices = [index(0, [4, 100, 1])]
  const { sizes, groups, rewrite } = mergeAxes([3, 1, 4], [[0], [1, 2]], indices)
  expect(groups).toEqual([[0], [2]])
  expect(sizes).toEqual([3, 1, 4])
  expect(indices.map(rewrite)).toEqual([index(0, [4, 0, 1])])
})

test('an index that jumps between neighbours keeps them apart, in digits too', () => {
  const broadcast = index(0, [0, 1])
  expect(mergeAxes([3, 4], [[0, 1]], [index(0, [4, 1]), broadcast]).groups).toEqual([[0, 1]])
  const digit = { of: broadcast, divisor: 2, modulus: 0, coefficient: 1 }
  expect(mergeAxes([3, 4], [[0, 1]], [index(0, [4, 1], [digit])]).groups).toEqual([[0, 1]])
})

test('an axis without points stays', () => {
  const { sizes, groups } = mergeAxes([3, 0], [[0, 1]], [index(0, [0, 1])])
  expect(groups.flat().some((axis) => sizes[axis] === 0)).toBe(true)
})
