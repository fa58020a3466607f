import { describe, expect, test } from 'vitest'
import { expandDims, reshape, ShapeError, squeeze, zeros } from '../index.ts'

describe('reshape', () => {
  test('one size may be left to be found', () => {
    expect(reshape(zeros([2, 6]), [-1, 4]).shape).toEqual([3, 4])
    expect(reshape(zeros([]), [-1]).shape).toEqual([1])
    expect(reshape(zeros([0, 3]), [3, -1]).shape).toEqual([3, 0])
    expect(reshape(zeros([0, 3]), [7, 0]).shape).toEqual([7, 0])
  })

  test.each([[[5]], [[-1, -1]], [[-1, 5]], [[-2, 6]], [[1.5, 8]], [[-1, 0]], [[Number.NaN]]])(
    'refuses %j for 12 elements',
    (shape) => {
      expect(() => reshape(zeros([12]), shape)).toThrow(ShapeError)
      expect(() => reshape(zeros([12]), shape)).toThrow('reshape: x is [12] with 12 elements')
    },
  )

  test('refuses a size that is not determined', () => {
    expect(() => reshape(zeros([0]), [0, -1])).toThrow(ShapeError)
  })
})

describe('expandDims and squeeze', () => {
  test('undo each other at every axis', () => {
    const x = zeros([2, 3])
    for (const axis of [0, 1, 2, -1, -3]) {
      expect(squeeze(expandDims(x, axis), axis).shape).toEqual([2, 3])
    }
    expect(squeeze(zeros([1, 2, 1, 1]), [0, -1]).shape).toEqual([2, 1])
    expect(squeeze(zeros([2])).shape).toEqual([2])
  })

  test('refuse wrong axes', () => {
    const x = zeros([2, 1])
    expect(() => expandDims(x, 3)).toThrow('expandDims: axis 3 for a tensor of rank 3')
    expect(() => expandDims(x, 0.5)).toThrow(ShapeError)
    expect(() => squeeze(x, 0)).toThrow(
      'squeeze: axis 0 of [2, 1] with size 2; wanted axes of size 1.',
    )
    expect(() => squeeze(x, [1, -1])).toThrow('squeeze: axes [1, -1]; wanted each axis once.')
    expect(() => squeeze(x, 2)).toThrow('squeeze: axis 2 for a tensor of rank 2')
  })
})
