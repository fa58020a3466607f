import { affine } from '@tensorweft/testkit/plans'
import { expect, test } from 'vitest'
import { mergeAxes } from './merge-axes.ts'

test('neighbours that all indexes run through become one axis', () => {
  const indices = [affine([12, 4, 1], 3), affine([24, 8, 2])]
  const { sizes, groups, rewrite } = mergeAxes([2, 3, 4], [[0, 1, 2]], indices)
  expect(groups).toEqual([[2]])
  expect(sizes).toEqual([1, 1, 24])
  expect(indices.map(rewrite)).toEqual([affine([0, 0, 1], 3), affine([0, 0, 2])])
})

test('axes of one point go, and groups stay apart', () => {
  const indices = [affine([4, 100, 1])]
  const { sizes, groups, rewrite } = mergeAxes([3, 1, 4], [[0], [1, 2]], indices)
  expect(groups).toEqual([[0], [2]])
  expect(sizes).toEqual([3, 1, 4])
  expect(indices.map(rewrite)).toEqual([affine([4, 0, 1])])
})

test('an index that jumps between neighbours keeps them apart, in digits too', () => {
  const broadcast = affine([0, 1])
  expect(mergeAxes([3, 4], [[0, 1]], [affine([4, 1]), broadcast]).groups).toEqual([[0, 1]])
  const digit = { of: broadcast, divisor: 2, modulus: 0, coefficient: 1 }
  expect(mergeAxes([3, 4], [[0, 1]], [affine([4, 1], 0, [digit])]).groups).toEqual([[0, 1]])
})

test('an axis without points stays', () => {
  const { sizes, groups } = mergeAxes([3, 0], [[0, 1]], [affine([0, 1])])
  expect(groups.flat().some((axis) => sizes[axis] === 0)).toBe(true)
})
