import { beforeAll, describe, expect, test } from 'vitest'
import { DTypeError, dot, matmul, outer, ShapeError, setBackend, tensor, zeros } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { wrong } from '../wrong.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

const int32 = (values: number[]) => tensor(values, { dtype: 'int32' })

describe('outer and dot', () => {
  test('of int32 wrap', async () => {
    expect(await outer(int32([1, -2]), int32([3, 4])).array()).toEqual([
      [3, 4],
      [-6, -8],
    ])
    expect(await dot(int32([2 ** 30, 1]), int32([2, 5])).item()).toBe(-(2 ** 31) + 5)
  })

  test('of empty vectors', async () => {
    expect(await dot(zeros([0]), zeros([0])).item()).toBe(0)
    expect(outer(zeros([0]), zeros([2])).shape).toEqual([0, 2])
  })

  test('refuse what does not fit', () => {
    expect(() => outer(zeros([2, 1]), zeros([2]))).toThrow(
      'outer: a is [2, 1] and b is [2]; wanted two vectors.',
    )
    expect(() => dot(zeros([2]), zeros([3]))).toThrow(ShapeError)
    expect(() => dot(zeros([]), zeros([]))).toThrow(ShapeError)
    expect(() => dot(zeros([2]), wrong(int32([1, 2])))).toThrow(DTypeError)
    expect(() => dot(zeros([2], 'bool'), zeros([2], 'bool'))).toThrow(
      "dot: a is bool; wanted float32 or float64 or float16 or int32.\n  Hint: cast it, for example a.cast('float32')",
    )
  })
})

describe('matmul', () => {
  test('of int32 is exact beyond 2^24, and wraps', async () => {
    const a = tensor([[2 ** 24 + 1, 1]], { dtype: 'int32' })
    const b = tensor([[3], [5]], { dtype: 'int32' })
    expect(await matmul(a, b).array()).toEqual([[3 * 2 ** 24 + 8]])
    expect(
      await int32([2 ** 30, 2 ** 30])
        .matmul(int32([1, 1]))
        .item(),
    ).toBe(-(2 ** 31))
  })

  test('refuses bools and bytes', () => {
    const bytes = zeros([2, 2], 'uint8')
    expect(() => matmul(bytes, bytes)).toThrow(DTypeError)
  })
})
