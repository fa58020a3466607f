import { beforeAll, describe, expect, test } from 'vitest'
import { ArgumentError, gradients, ShapeError, setBackend, split, tensor, zeros } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

describe('split', () => {
  test('into sizes, of which some may be 0', async () => {
    const parts = split(tensor([[1, 2, 3]]), [0, 2, 1], -1)
    expect(parts.map(({ shape }) => shape)).toEqual([
      [1, 0],
      [1, 2],
      [1, 1],
    ])
    expect(await parts[1]?.array()).toEqual([[1, 2]])
    expect(split(zeros([0, 2]), 3).map(({ shape }) => shape)).toEqual(new Array(3).fill([0, 2]))
  })

  test('into halves, with the gradient of each part', async () => {
    const x = tensor([1, 2, 3, 4])
    const [low, high] = split(x, 2)
    const y = low?.sum().add(high?.square().sum() ?? 0) ?? x.sum()
    expect(await gradients(y, x).array()).toEqual([1, 1, 6, 8])
  })

  test('refuses what does not fit', () => {
    const x = zeros([4, 5])
    expect(() => split(x, 0)).toThrow(ArgumentError)
    expect(() => split(x, 1.5)).toThrow('split: sections 1.5; wanted a positive integer')
    expect(() => split(x, 3)).toThrow(ShapeError)
    expect(() => split(x, 3)).toThrow(
      'split: 3 sections of axis 0 with size 4; wanted equal parts.\n  Hint: give the sizes',
    )
    expect(() => split(x, [2, -1, 3])).toThrow(ArgumentError)
    expect(() => split(x, [2, 3], 0)).toThrow(
      'split: sizes [2, 3], which add up to 5, for axis 0 with size 4',
    )
    expect(() => split(x, 2, 2)).toThrow('split: axis 2 for a tensor of rank 2')
  })
})
