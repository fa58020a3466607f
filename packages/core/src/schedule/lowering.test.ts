import { describe, expect, test } from 'vitest'
import {
  compile,
  div,
  exp,
  identity,
  pad,
  realize,
  setBackend,
  slice,
  sum,
  type Tensor,
  tensor,
  transpose,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { kernelsOf, valuesBothWays, wave } from './plans.testing.ts'

/** The value of a graph that is computed in one plan. */
async function computed(build: () => Tensor): Promise<unknown> {
  await setBackend(new NaiveBackend())
  return compile(build)().array()
}

const x = tensor([1, 2, 4])
const around = [[1, 2]] as const

describe('a pad is guarded at its own place', () => {
  test('where what it pads is not 0 at 0', async () => {
    expect(await computed(() => pad(div(1, x), around))).toEqual([0, 1, 0.5, 0.25, 0, 0])
    expect(await computed(() => sum(pad(div(1, x), around)))).toBe(1.75)
    expect(await computed(() => pad(x.mul(0).exp(), around))).toEqual([0, 1, 1, 1, 0, 0])
    expect(await computed(() => sum(pad(exp(x.mul(0)), around)))).toBe(3)
  })

  test('where what follows is not 0 at 0', async () => {
    expect(await computed(() => exp(pad(x.mul(0), around)))).toEqual([1, 1, 1, 1, 1, 1])
    expect(await computed(() => sum(exp(pad(x.mul(0), around))))).toBe(6)
    expect(await computed(() => div(1, pad(x, [[1, 0]])))).toEqual([Infinity, 1, 0.5, 0.25])
  })

  test('with any value', async () => {
    expect(await computed(() => pad(x, around, -1))).toEqual([-1, 1, 2, 4, -1, -1])
    expect(await computed(() => pad(x, around, Number.NaN).max())).toBe(Number.NaN)
    expect(await computed(() => pad(x, around, -Infinity).max())).toBe(4)
    const minusZero = await computed(() => div(1, pad(x, around, -0)))
    expect(minusZero).toEqual([-Infinity, 1, 0.5, 0.25, -Infinity, -Infinity])
  })

  test('within another one, and two of one tensor in one kernel', async () => {
    const twice = () => pad(pad(x, [[1, 0]], 5), [[1, 1]], 7)
    expect(await computed(twice)).toEqual([7, 5, 1, 2, 4, 7])
    const both = () => pad(x, [[1, 0]]).add(pad(x, [[0, 1]]))
    expect(await computed(both)).toEqual([1, 3, 6, 4])
    expect(await computed(() => pad(x, [[1, 0]], 5).mul(pad(x, [[1, 0]], 6)))).toEqual([
      30, 1, 4, 16,
    ])
    expect(kernelsOf(() => [both()])).toHaveLength(1)
  })

  test('and vanishes where a slice takes only what is inside, or outside', async () => {
    expect(await computed(() => slice(pad(x, around), [1], [3]))).toEqual([1, 2, 4])
    expect(await computed(() => slice(pad(x, around, 9), [4], [2]))).toEqual([9, 9])
    expect(await computed(() => slice(pad(x, around, 9), [3], [2]))).toEqual([4, 9])
  })

  test('before a reduction, a product and a transposition', async () => {
    const [a, b] = [wave([3, 4]), wave([6, 3], 2)]
    const build = () => {
      const padded = pad(a.add(2), [
        [1, 0],
        [2, 0],
      ])
      return [transpose(padded), padded.matmul(b), padded.sum(0), exp(padded).sum(1)]
    }
    const { together, oneByOne } = await valuesBothWays(build)
    together.flat().forEach((value, i) => {
      expect(value).toBeCloseTo(oneByOne.flat()[i] ?? Number.NaN, 4)
    })
  })
})

describe('views', () => {
  test('of a result that is read elsewhere too have its values', async () => {
    await setBackend(new NaiveBackend())
    const y = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]).mul(2)
    const results = [y, transpose(y), y.reshape([3, 2]), slice(y, [1, 0], [1, 3]), identity(y)]
    await realize(...results)
    expect(await Promise.all(results.map((result) => result.array()))).toEqual([
      [
        [2, 4, 6],
        [8, 10, 12],
      ],
      [
        [2, 8],
        [4, 10],
        [6, 12],
      ],
      [
        [2, 4],
        [6, 8],
        [10, 12],
      ],
      [[8, 10, 12]],
      [
        [2, 4, 6],
        [8, 10, 12],
      ],
    ])
  })

  test('that no affine index describes are right all the same', async () => {
    const skewed = () => {
      const y = wave([5, 7])
      return [y.reshape([7, 5]).transpose().reshape([35]).slice([3], [24]).reshape([4, 6])]
    }
    const { together, oneByOne } = await valuesBothWays(skewed)
    expect(together).toEqual(oneByOne)
  })
})
