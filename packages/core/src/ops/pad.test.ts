import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  gradients,
  type PadMode,
  pad,
  ShapeError,
  setBackend,
  tensor,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { wrong } from '../wrong.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

describe('pad', () => {
  test('a mode takes the elements that are next to the edge', async () => {
    const x = tensor([1, 2, 3, 4])
    expect(await pad(x, [[3, 2]], 'reflect').array()).toEqual([4, 3, 2, 1, 2, 3, 4, 3, 2])
    expect(await pad(x, [[2, 0]], 'edge').array()).toEqual([1, 1, 1, 2, 3, 4])
    expect(await pad(x, [[0, 1]], 'reflect').array()).toEqual([1, 2, 3, 4, 3])
    expect(await pad(tensor([7]), [[0, 2]], 'edge').array()).toEqual([7, 7, 7])
  })

  test('what is not a number stays where it is', async () => {
    const x = tensor([Number.NaN, 1, Number.POSITIVE_INFINITY])
    expect(await pad(x, [[1, 1]], 'reflect').array()).toEqual([1, Number.NaN, 1, Infinity, 1])
    expect(await pad(x, [[1, 1]], -1).array()).toEqual([-1, Number.NaN, 1, Infinity, -1])
  })

  test('the gradient collects every copy of an element', async () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    const edge = pad(
      x,
      [
        [1, 0],
        [0, 2],
      ],
      'edge',
    )
    expect(await gradients(edge.sum(), x).array()).toEqual([
      [2, 2, 6],
      [1, 1, 3],
    ])
    const mirror = pad(
      x,
      [
        [0, 1],
        [2, 0],
      ],
      'reflect',
    )
    expect(await gradients(mirror.sum(), x).array()).toEqual([
      [2, 4, 4],
      [1, 2, 2],
    ])
  })

  test('nothing to add gives the tensor itself', () => {
    const x = zeros([2, 0])
    for (const fill of [0, 'reflect', 'edge'] as const) {
      expect(
        pad(
          x,
          [
            [0, 0],
            [0, 0],
          ],
          fill,
        ),
      ).toBe(x)
    }
  })

  test('refuses what does not fit', () => {
    const x = zeros([3])
    expect(() => pad(x, [])).toThrow('pad: 0 paddings for a tensor of rank 1')
    expect(() => pad(x, [[1, -1]])).toThrow(ArgumentError)
    expect(() => pad(x, [[0.5, 1]], 'edge')).toThrow(
      'pad: paddings [[0.5, 1]]; wanted [before, after] per axis, both non-negative integers',
    )
    expect(() => pad(x, [wrong([1])])).toThrow(ArgumentError)
    expect(() => pad(x, [[1, 1]], 'wrap' as PadMode)).toThrow(
      "pad: fill wrap; wanted a number, 'reflect' or 'edge'.",
    )
    expect(() => pad(x, [[0, 3]], 'reflect')).toThrow(ShapeError)
    expect(() => pad(x, [[0, 3]], 'reflect')).toThrow(
      'pad: mode reflect with 3 elements beside axis 0 of [3]; wanted at most 2.',
    )
    expect(() => pad(zeros([0]), [[1, 0]], 'edge')).toThrow('wanted an axis with elements')
  })
})
