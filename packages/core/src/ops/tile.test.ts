import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  gradients,
  roll,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
  tile,
  tril,
  triu,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { kernelsOf, planOf, wave } from '../schedule/plans.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

describe('tile', () => {
  test('repeats per axis, also not at all', async () => {
    const x = tensor([[1], [2]])
    expect(await tile(x, [1, 3]).array()).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ])
    expect(tile(x, [0, 2]).shape).toEqual([0, 2])
    expect(tile(x, [1, 1])).toBe(x)
    expect(await tile(tensor([true, false]), [2]).array()).toEqual([true, false, true, false])
    expect(await tile(tensor(3), []).item()).toBe(3)
  })

  test('the gradient adds the copies up', async () => {
    const x = tensor([1, 2])
    const weights = tensor([1, 10, 100, 1000])
    expect(await gradients(tile(x, [2]).mul(weights).sum(), x).array()).toEqual([101, 1010])
  })

  test('is read through', () => {
    expect(kernelsOf(() => [tile(wave([3, 4]), [2, 3]).relu()])).toEqual(['map: relu'])
  })

  test('refuses what does not fit', () => {
    expect(() => tile(zeros([2, 2]), [2])).toThrow(ShapeError)
    expect(() => tile(zeros([2, 2]), [2])).toThrow('tile: reps [2] for a tensor of rank 2')
    expect(() => tile(zeros([2]), [-1])).toThrow(ArgumentError)
    expect(() => tile(zeros([2]), [1.5])).toThrow('tile: reps [1.5]; wanted non-negative integers.')
  })
})

describe('roll', () => {
  test('goes round, also more than once and backwards', async () => {
    const x = tensor([1, 2, 3, 4, 5])
    const start: Record<number, number> = { 2: 4, [-1]: 2, 7: 4, [-11]: 2, 5: 1, 0: 1 }
    for (const [shift, first] of Object.entries(start)) {
      const rolled = [...(await roll(x, Number(shift), 0).data())]
      expect(rolled).toEqual([0, 1, 2, 3, 4].map((i) => ((first - 1 + i) % 5) + 1))
    }
    expect(roll(zeros([0, 2]), [3, 1], [0, 1]).shape).toEqual([0, 2])
  })

  test('axes and shifts stay together', async () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect(await roll(x, [1, 0], [-1, 0]).array()).toEqual([
      [3, 1, 2],
      [6, 4, 5],
    ])
  })

  test('there and back is no change, and it is read through in both directions', async () => {
    const x = wave([4, 6])
    const there = roll(x, [3, -2], [0, 1])
    expect(await roll(there, [-3, 2], [0, 1]).array()).toEqual(await x.array())
    const build = () => [
      gradients(
        roll(x, [3, -2], [0, 1])
          .mul(wave([4, 6], 2))
          .sum(),
        x,
      ),
    ]
    expect(kernelsOf(build)).toEqual(['map: copy'])
  })

  test('refuses what does not fit', () => {
    const x = zeros([2, 3])
    expect(() => roll(x, 1, 2)).toThrow('roll: axis 2 for a tensor of rank 2')
    expect(() => roll(x, [1, 1], [0, -2])).toThrow('roll: axes [0, -2]; wanted each axis once.')
    expect(() => roll(x, [1, 1], 0)).toThrow(ArgumentError)
    expect(() => roll(x, 0.5, 0)).toThrow('roll: shifts [0.5] for axes [0]; wanted one integer')
  })
})

describe('tril and triu', () => {
  const x = () =>
    tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])

  test('share the diagonal and nothing else', async () => {
    for (const k of [-3, -1, 0, 1, 3]) {
      const both = await tril(x(), k)
        .add(triu(x(), k + 1))
        .array()
      expect(both).toEqual(await x().array())
    }
    expect(await tril(x(), 1).array()).toEqual([
      [1, 2, 0],
      [4, 5, 6],
    ])
  })

  test('what is left out has no influence, NaN included', async () => {
    const bad = tensor([
      [1, Number.NaN],
      [2, 3],
    ])
    expect(await tril(bad).array()).toEqual([
      [1, 0],
      [2, 3],
    ])
    expect(await gradients(tril(bad).sum(), bad).array()).toEqual([
      [1, 0],
      [1, 1],
    ])
  })

  test('are part of the kernel of their reader', () => {
    expect(planOf(() => [tril(wave([4, 4])).add(1)]).kernels.length).toBe(1)
    const bools: Tensor<'bool'> = tril(x().greater(0))
    expect(bools.dtype).toBe('bool')
  })

  test('refuse what does not fit', () => {
    expect(() => tril(zeros([3]))).toThrow('tril: x is [3]; wanted at least two axes.')
    expect(() => triu(zeros([3, 3]), 0.5)).toThrow(ArgumentError)
  })
})
