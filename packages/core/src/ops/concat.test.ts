import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  concat,
  DTypeError,
  gradients,
  matmul,
  ShapeError,
  setBackend,
  split,
  stack,
  type Tensor,
  tensor,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { planOf, wave } from '../schedule/plans.testing.ts'
import { wrong } from '../wrong.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

const range = (n: number) => Array.from({ length: n }, (_, i) => i)

describe('concat', () => {
  test('keeps ∞ and NaN in their part and the sign of 0', async () => {
    const parts = [
      [Number.NaN, -0],
      [Number.POSITIVE_INFINITY, 1],
      [-0, Number.NEGATIVE_INFINITY],
    ]
    const joined = concat(parts.map((part) => tensor(part)))
    expect([...(await joined.data())]).toEqual(parts.flat())
    // Computed where it is read, e.g. 1 / 0 beside what belongs there.
    const inverse = concat(parts.map((part) => tensor(1).div(tensor(part))))
    expect([...(await inverse.data())]).toEqual(parts.flat().map((x) => 1 / x))
  })

  test('joins more parts than one op takes, in their order', async () => {
    for (const count of [1, 8, 9, 20, 65, 70]) {
      const parts = range(count).map((i) => tensor([[i], [i + 1]]))
      expect(await concat(parts, 1).array()).toEqual([range(count), range(count).map((i) => i + 1)])
    }
  })

  test('leaves out what is empty', async () => {
    const [x, none] = [tensor([[1, 2]]), zeros([1, 0])]
    expect(concat([none, x, none], 1)).toBe(x)
    expect(concat([none, none], -1).shape).toEqual([1, 0])
    expect(concat([zeros([2, 0]), zeros([3, 0])]).shape).toEqual([5, 0])
  })

  test('takes every dtype', async () => {
    const bools = [tensor([true]), tensor([false, true])]
    expect(await concat(bools).array()).toEqual([true, false, true])
    const bytes = [200, 7].map((value) => tensor([value], { dtype: 'uint8' }))
    expect(await concat(bytes).array()).toEqual([200, 7])
  })

  test('hands each part its own gradient, also of many', async () => {
    const parts = range(20).map((i) => tensor([i, i + 1]))
    const slopes = gradients(concat(parts).square().sum(), parts)
    for (const [i, slope] of slopes.entries()) {
      expect(await slope.array()).toEqual([2 * i, 2 * i + 2])
    }
  })

  test('refuses what does not fit', () => {
    const [a, b] = [zeros([2, 3]), zeros([2, 4])]
    expect(() => concat([])).toThrow(ArgumentError)
    expect(() => concat([])).toThrow('concat: no tensors; wanted at least one.')
    expect(() => concat(wrong<Tensor[]>(a))).toThrow('concat: tensors that are no array')
    expect(() => concat([a, wrong<Tensor>(1)])).toThrow('concat: tensors[1] is number')
    expect(() => concat([a, b])).toThrow(ShapeError)
    expect(() => concat([a, b])).toThrow(
      'concat: tensors[0] is [2, 3] and tensors[1] is [2, 4]; wanted shapes that differ along axis 0 only.',
    )
    expect(() => concat([a, zeros([3])], 1)).toThrow(ShapeError)
    expect(() => concat([a, a], 2)).toThrow('concat: axis 2 for a tensor of rank 2')
    expect(() => concat([zeros([]), zeros([])])).toThrow(ShapeError)
    const integers: Tensor = wrong(zeros([2, 3], 'int32'))
    expect(() => concat([a, integers])).toThrow(DTypeError)
    expect(() => concat([a, integers])).toThrow('tensors of float32 and int32; wanted one dtype')
  })
})

describe('concat needs no kernel of its own', () => {
  const [a, b] = [wave([3, 4]), wave([3, 5], 2)]

  test.each<[string, () => readonly Tensor[], string[]]>([
    ['before a map', () => [concat([a, b], 1).add(1)], ['map']],
    ['after cheap maps', () => [concat([a.relu(), b.neg()], 1)], ['map']],
    ['before a product', () => [matmul(concat([a, b], 1), wave([9, 2]))], ['contract']],
    ['before a sum', () => [concat([a, b], 1).sum(1)], ['reduce']],
    [
      'behind a gradient',
      () =>
        gradients(
          concat([a.relu(), b], 1)
            .mul(wave([3, 9]))
            .sum(),
          [a, b],
        ),
      ['map', 'map'],
    ],
  ])('%s', (_, build, wanted) => {
    expect(planOf(build).kernels.map(({ kind }) => kind)).toEqual(wanted)
  })

  test('what is cut out of it reads one part only', () => {
    const build = () => [concat([a, b], 1).slice([0, 4], [3, 5]).relu()]
    const [kernel, another] = planOf(build).kernels
    expect(another).toBeUndefined()
    // One array to read, one to write.
    expect(kernel?.operands.length).toBe(2)
    expect(
      planOf(() => split(concat([a, b], 1), [4, 5], 1)).kernels.map((k) => k.operands.length),
    ).toEqual([2, 2])
  })
})

describe('stack', () => {
  test('puts the new axis where it is wanted', async () => {
    const parts = [tensor([1, 2]), tensor([3, 4])]
    expect(await stack(parts).array()).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(await stack(parts, -1).array()).toEqual([
      [1, 3],
      [2, 4],
    ])
    expect(await stack([tensor(5), tensor(6)]).array()).toEqual([5, 6])
  })

  test('refuses what does not fit', () => {
    expect(() => stack([])).toThrow('stack: no tensors; wanted at least one.')
    expect(() => stack([zeros([2]), zeros([3])])).toThrow(
      'stack: tensors[0] is [2] and tensors[1] is [3]; wanted tensors of one shape.',
    )
    expect(() => stack([zeros([2]), zeros([2])], 2)).toThrow('stack: axis 2 for a tensor of rank 2')
    const integers: Tensor = wrong(zeros([2], 'int32'))
    expect(() => stack([zeros([2]), integers])).toThrow(DTypeError)
  })
})
