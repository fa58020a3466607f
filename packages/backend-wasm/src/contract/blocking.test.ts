import { describe, expect, test } from 'vitest'
import { blockGroup } from './blocking.ts'

describe('boxes of a group', () => {
  test('an empty group is one box of one point', () => {
    const { chunk, points, boxes } = blockGroup([], [], 100, 4)
    expect({ chunk, points, boxes }).toEqual({ chunk: undefined, points: 1, boxes: 1 })
  })

  test('a group within the limit is one box', () => {
    const { chunk, inner, points, boxes } = blockGroup([3, 3, 64], [0, 1, 2], 640, 4)
    expect(chunk).toEqual({ axis: 0, size: 3, length: 3 })
    expect(inner).toEqual([1, 2])
    expect({ points, boxes }).toEqual({ points: 576, boxes: 1 })
  })

  test('one axis is cut into about equal chunks, in multiples of the tile', () => {
    expect(blockGroup([784], [0], 384, 4).chunk).toEqual({ axis: 0, size: 784, length: 264 })
    expect(blockGroup([10], [0], 8, 8).chunk).toEqual({ axis: 0, size: 10, length: 8 })
    expect(blockGroup([5], [0], 100, 8).chunk).toEqual({ axis: 0, size: 5, length: 5 })
  })

  test('axes outside of the chunked one are walked point by point', () => {
    const { outer, chunk, inner, points, boxes } = blockGroup([64, 28, 28], [0, 1, 2], 384, 4)
    expect(outer).toEqual([0])
    expect(chunk).toEqual({ axis: 1, size: 28, length: 10 })
    expect(inner).toEqual([2])
    expect({ points, boxes }).toEqual({ points: 280, boxes: 192 })
  })

  test('an axis without points leaves no boxes', () => {
    expect(blockGroup([4, 0], [0, 1], 100, 4).boxes).toBe(0)
    expect(blockGroup([0], [0], 100, 4).boxes).toBe(0)
  })

  test('every point is in exactly one box', () => {
    for (const sizes of [
      [7, 11, 13],
      [1, 1000],
      [1000, 2],
      [2, 3, 5, 7, 11],
    ]) {
      for (const limit of [1, 10, 100, 1000]) {
        const group = sizes.map((_, axis) => axis)
        const { outer, chunk, innerPoints, boxes } = blockGroup(sizes, group, limit, 4)
        const outerPoints = outer.reduce((points, axis) => points * (sizes[axis] ?? 1), 1)
        expect(outerPoints * (chunk?.size ?? 1) * innerPoints).toBe(sizes.reduce((a, b) => a * b))
        expect(boxes).toBe(outerPoints * Math.ceil((chunk?.size ?? 1) / (chunk?.length ?? 1)))
      }
    }
  })
})
