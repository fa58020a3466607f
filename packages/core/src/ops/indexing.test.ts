import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  argSort,
  cumProd,
  cumSum,
  DTypeError,
  gather,
  gatherND,
  gradients,
  prod,
  ShapeError,
  scatterAdd,
  setBackend,
  sort,
  takeAlongAxis,
  tensor,
  topK,
  zeros,
} from '../index.ts'
import { scalarFunctions } from '../ir/instruction.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

const int32 = (values: number[]) => tensor(values, { dtype: 'int32' })
const walks = ['map', 'reduce', 'row', 'contract', 'scan', 'sort', 'scatter'] as const

describe.each([
  ['as walks', new NaiveBackend('walks', scalarFunctions, walks)],
  ['as loops', new NaiveBackend('loops', scalarFunctions, ['map', 'reduce'])],
])('%s', (_, backend) => {
  beforeAll(async () => {
    await setBackend(backend)
  })

  test('gather gives NaN or 0 for places outside, and their gradient goes nowhere', async () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ])
    const places = int32([1, 5, 0, -1]).add(0)
    const y = gather(x, places)
    expect(await y.array()).toEqual([
      [3, 4],
      [NaN, NaN],
      [1, 2],
      [NaN, NaN],
    ])
    const [dx] = gradients(
      gather(x.square(), places)
        .mul(tensor([[1], [1], [0], [1]]))
        .sum(),
      [x],
    )
    expect(await dx.array()).toEqual([
      [0, 0],
      [6, 8],
    ])
    expect(await gather(int32([7, 8]), places).array()).toEqual([8, 0, 7, 0])
    expect(await gather(zeros([0, 2]), places).array()).toEqual(new Array(4).fill([NaN, NaN]))
  })

  test('gather reads what is computed, reshaped or moved on the way', async () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    const rows = gather(x.add(1).reshape([3, 2]), int32([2]))
    expect(await rows.array()).toEqual([[6, 7]])
    expect(await gather(x.transpose().mul(2), int32([1]), 1).array()).toEqual([[8], [10], [12]])
    expect(await takeAlongAxis(x, argSort(x.neg())).array()).toEqual([
      [3, 2, 1],
      [6, 5, 4],
    ])
  })

  test('gatherND leaves out a place that is outside on any axis', async () => {
    const places = tensor(
      [
        [0, 1],
        [1, -1],
        [0, 2],
        [1, 1],
      ],
      { dtype: 'int32' },
    )
    expect(
      await gatherND(
        tensor([
          [1, 2],
          [3, 4],
        ]),
        places,
      ).array(),
    ).toEqual([2, NaN, NaN, 4])
  })

  test('scatterAdd adds repeated places up and leaves out those outside', async () => {
    const places = int32([2, 0, 2, 9, -1]).add(0)
    const sums = scatterAdd(tensor([1, 1, 1]), places, tensor([10, 20, 30, NaN, NaN]))
    expect(await sums.array()).toEqual([21, 1, 41])
    const updates = tensor([
      [1, 2],
      [3, 4],
    ])
    const [dx, dy] = gradients(
      scatterAdd(zeros([2, 3]), int32([2, 2]), updates, 1)
        .square()
        .sum(),
      [updates, zeros([2, 3])],
    )
    expect(await dx.array()).toEqual([
      [6, 6],
      [14, 14],
    ])
    expect(await dy.sum().item()).toBe(0)
  })

  test('sorting is stable in both directions and puts NaN last', async () => {
    const x = tensor([2, NaN, 1, -0, 2, 0, NaN, -Infinity])
    expect(await argSort(x).array()).toEqual([7, 3, 5, 2, 0, 4, 1, 6])
    expect(await argSort(x, 0, { descending: true }).array()).toEqual([0, 4, 2, 3, 5, 7, 1, 6])
    expect(
      await sort(
        tensor([
          [3, 1],
          [1, 2],
        ]),
        0,
      ).array(),
    ).toEqual([
      [1, 1],
      [3, 2],
    ])
    expect(await argSort(zeros([2, 0])).array()).toEqual([[], []])
    const { values, indices } = topK(
      tensor([
        [1, 9, 9],
        [5, 4, 6],
      ]),
      2,
    )
    expect(await values.array()).toEqual([
      [9, 9],
      [6, 5],
    ])
    expect(await indices.array()).toEqual([
      [1, 2],
      [2, 0],
    ])
  })

  test('gradients of a sort go where its elements came from', async () => {
    const x = tensor([3, 1, 2])
    const [dx] = gradients(
      sort(x)
        .mul(tensor([10, 20, 30]))
        .sum(),
      [x],
    )
    expect(await dx.array()).toEqual([30, 10, 20])
  })

  test('cumulative sums and products, from either end, with and without the own element', async () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect(await cumSum(x, 0).array()).toEqual([
      [1, 2, 3],
      [5, 7, 9],
    ])
    expect(await cumSum(x, 1, { exclusive: true }).array()).toEqual([
      [0, 1, 3],
      [0, 4, 9],
    ])
    expect(await cumProd(x, 1, { reverse: true }).array()).toEqual([
      [6, 6, 3],
      [120, 30, 6],
    ])
    expect(await cumSum(int32([2 ** 31 - 1, 1])).array()).toEqual([2 ** 31 - 1, -(2 ** 31)])
  })

  test('products have the right gradients with zeros', async () => {
    const x = tensor([2, 0, 3])
    expect(await gradients(prod(x), [x])[0]?.array()).toEqual([0, 6, 0])
    expect(await gradients(cumProd(x).sum(), [x])[0]?.array()).toEqual([1, 8, 0])
    const twoZeros = tensor([0, 0, 3])
    expect(await gradients(prod(twoZeros), [twoZeros])[0]?.array()).toEqual([0, 0, 0])
  })
})

describe('what does not fit is refused:', () => {
  const x = zeros([2, 3])

  test('indices of another dtype, and those that are known to be outside', () => {
    // @ts-expect-error: indices are int32.
    expect(() => gather(x, tensor([0]))).toThrow(DTypeError)
    expect(() => gather(x, int32([0, 2]))).toThrow('gather: index 2; wanted indices from 0 to 1.')
    expect(() => gather(x, int32([-1]), 1)).toThrow(ArgumentError)
    expect(() => scatterAdd(x, int32([3]), zeros([2, 1]), 1)).toThrow(ArgumentError)
    // @ts-expect-error: indices are int32.
    expect(() => gatherND(x, tensor([[0]]))).toThrow(DTypeError)
  })

  test('axes and shapes', () => {
    expect(() => gather(x, int32([0]), 2)).toThrow(ShapeError)
    expect(() => takeAlongAxis(x, int32([0]))).toThrow(ShapeError)
    expect(() => scatterAdd(x, int32([0]), zeros([2, 3]))).toThrow(
      'scatterAdd: updates are [2, 3]; wanted [1, 3] for x [2, 3] and indices [1].',
    )
    expect(() => gatherND(x, tensor([[0, 0, 0]], { dtype: 'int32' }))).toThrow(ShapeError)
    expect(() => argSort(x, 2)).toThrow(ShapeError)
    expect(() => cumSum(x, -3)).toThrow(ShapeError)
    expect(() => topK(tensor(1), 1)).toThrow(ShapeError)
  })

  test('numbers of elements that are not there', () => {
    for (const k of [-1, 4, 1.5]) expect(() => topK(x, k)).toThrow(ArgumentError)
  })

  test('dtypes without sums', () => {
    const bools = tensor([true])
    // @ts-expect-error: bools have no sums.
    expect(() => cumSum(bools)).toThrow(DTypeError)
    // @ts-expect-error: nor products.
    expect(() => prod(bools)).toThrow(DTypeError)
    // @ts-expect-error: nor sums at positions.
    expect(() => scatterAdd(bools, int32([0]), bools)).toThrow(DTypeError)
  })
})
