import { beforeAll, describe, expect, test } from 'vitest'
import {
  all,
  any,
  argMax,
  argMin,
  DTypeError,
  max,
  mean,
  min,
  ShapeError,
  setBackend,
  sum,
  type Tensor,
  tensor,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { wrong } from '../wrong.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

describe('any and all', () => {
  const x = () =>
    tensor(
      [
        [true, false],
        [true, true],
      ],
      { dtype: 'bool' },
    )

  test('over axes, kept or not', async () => {
    expect(await any(x(), 0).array()).toEqual([true, true])
    expect(await all(x(), 1, { keepDims: true }).array()).toEqual([[false], [true]])
    expect(await all(x()).array()).toBe(false)
    expect(await any(x(), []).array()).toEqual(await x().array())
  })

  test('of no elements', async () => {
    const none = zeros([2, 0], 'bool')
    expect(await any(none, 1).array()).toEqual([false, false])
    expect(await all(none, -1, { keepDims: true }).array()).toEqual([[true], [true]])
    expect(any(none, 0).shape).toEqual([0])
  })

  test('refuse numbers and wrong axes', () => {
    const numbers: Tensor<'bool'> = wrong(zeros([2]))
    expect(() => any(numbers)).toThrow(DTypeError)
    expect(() => all(numbers)).toThrow(
      "all: x is float32; wanted bool.\n  Hint: cast it, for example x.cast('bool')",
    )
    expect(() => any(x(), 2)).toThrow('any: axis 2 for a tensor of rank 2')
    expect(() => all(x(), [0, -2])).toThrow('all: axes [0, -2]; wanted each axis once.')
  })
})

describe('argMax and argMin', () => {
  test('the first of equal ones, the first NaN', async () => {
    expect(await argMax(tensor([3, 1, 3])).item()).toBe(0)
    expect(await argMin(tensor([3, 1, 1])).item()).toBe(1)
    expect(await argMin(tensor([1, Number.NaN, 0, Number.NaN])).item()).toBe(1)
    expect(await argMin(tensor([-(2 ** 31), 5], { dtype: 'int32' })).item()).toBe(0)
    const infinite = tensor([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect(await argMax(infinite).item()).toBe(0)
  })

  test('without an axis, the position in the flat tensor', async () => {
    const x = tensor([
      [1, 9],
      [0, 3],
    ])
    expect(await x.argMax(null).item()).toBe(1)
    expect(await argMin(x, null, { keepDims: true }).array()).toEqual([[2]])
    expect(await argMin(tensor(4), null).item()).toBe(0)
    expect(await argMin(x, 0, { keepDims: true }).array()).toEqual([[1, 1]])
  })

  test('refuse an empty or a wrong axis', () => {
    expect(() => argMin(zeros([2, 0]), 1)).toThrow(ShapeError)
    expect(() => argMin(zeros([2, 0]), null)).toThrow(
      'argMin: x is [2, 0] and axes are [0, 1]; wanted at least one element to choose from.',
    )
    expect(() => argMax(zeros([2]), 1)).toThrow('argMax: axis 1 for a tensor of rank 1')
    expect(() => argMax(zeros([]))).toThrow(ShapeError)
  })
})

describe('reductions of every dtype', () => {
  test('sum: int32 wraps, uint8 stays, bools are counted', async () => {
    const large = tensor([2 ** 31 - 1, 1], { dtype: 'int32' })
    expect(await sum(large).item()).toBe(-(2 ** 31))
    const bytes = sum(tensor([200, 100], { dtype: 'uint8' }))
    expect([bytes.dtype, await bytes.item()]).toEqual(['uint8', 44])
    const count = sum(tensor([true, true, false]))
    expect([count.dtype, await count.item()]).toEqual(['int32', 2])
    expect(await sum(zeros([0], 'int32')).item()).toBe(0)
  })

  test('mean: integers and bools give float32', async () => {
    const average = mean(tensor([1, 2], { dtype: 'int32' }))
    expect([average.dtype, await average.item()]).toEqual(['float32', 1.5])
    expect(await mean(tensor([true, false])).item()).toBe(0.5)
    expect(await mean(tensor([250, 252], { dtype: 'uint8' })).item()).toBe(251)
  })

  test('max and min keep the dtype', async () => {
    const integers = tensor([-5, 7], { dtype: 'int32' })
    expect([max(integers).dtype, await max(integers).item()]).toEqual(['int32', 7])
    expect(await min(tensor([200, 100], { dtype: 'uint8' })).item()).toBe(100)
    expect(await max(tensor([false, true])).array()).toBe(true)
    expect(() => max(zeros([0]))).toThrow(ShapeError)
  })
})
