import { beforeAll, describe, expect, test } from 'vitest'
import { float16Bits, float16Value } from '../float16.ts'
import {
  cumSum,
  debug,
  exp,
  gather,
  gradients,
  matmul,
  scatterAdd,
  setBackend,
  sort,
  tensor,
  where,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

const half = (value: number) => float16Value(float16Bits(value))
const halves = (...values: number[]) => tensor(values, { dtype: 'float16' })

describe('float16', () => {
  test('holds numbers rounded to the nearest', async () => {
    const x = halves(0.1, 65_520, -1e-9, 2049, Number.NaN)
    expect(x.dtype).toBe('float16')
    expect([...(await x.data())]).toEqual([half(0.1), Infinity, -0, 2048, Number.NaN])
    expect(await x.data()).toBeInstanceOf(Float32Array)
    expect(await x.cast('float32').mul(2).array()).toEqual([2 * half(0.1), Infinity, -0, 4096, NaN])
  })

  test('rounds the result of every op, whether it is read or not', async () => {
    const x = halves(0.1, 3, 1000)
    const sum = x.add(0.2)
    const product = sum.mul(x)
    const wanted = [0.1, 3, 1000].map((value) => half(half(half(value) + half(0.2)) * half(value)))
    expect(await product.array()).toEqual(wanted)
    expect(await sum.array()).toEqual([0.1, 3, 1000].map((value) => half(half(value) + half(0.2))))
    expect(await sum.mul(x).array()).toEqual(wanted)
    const [e] = await exp(halves(1)).data()
    expect(e).toBe(half(Math.E))
  })

  test('sums in float32', async () => {
    const ones = tensor(new Float32Array(4096).fill(1), { dtype: 'float16' })
    expect(await ones.sum().item()).toBe(4096)
    expect(await ones.mul(0.25).mean().item()).toBe(0.25)
    const row = ones.reshape([1, 4096])
    expect(await matmul(row, row.transpose()).array()).toEqual([[4096]])
    expect((await cumSum(ones).data()).at(-1)).toBe(4096)
    const at = tensor(new Int32Array(4096), { dtype: 'int32' })
    expect(await scatterAdd(halves(0), at, ones).item()).toBe(4096)
  })

  test('has gradients of its own dtype', async () => {
    const x = halves(1, 2, 3)
    const [dx] = gradients(x.mul(x).sum(), [x])
    expect(dx?.dtype).toBe('float16')
    expect(await dx?.array()).toEqual([2, 4, 6])
    const table = halves(1, 2, 3)
    const taken = gather(table, tensor([2, 0, 2], { dtype: 'int32' }))
    const [slope] = gradients(taken.mul(halves(1, 2, 3)).sum(), [table])
    expect(await slope?.array()).toEqual([2, 0, 4])
  })

  test('is ordered, compared and chosen as its values are', async () => {
    const x = halves(3, Number.NaN, -1, 2)
    expect(await sort(x).array()).toEqual([-1, 2, 3, Number.NaN])
    expect(await where(x.greater(2), x, 0.5).array()).toEqual([3, 0.5, 0.5, 0.5])
    expect(await x.slice([2], [2]).array()).toEqual([-1, 2])
  })

  test('meets numbers that change from call to call', async () => {
    const x = halves(1, 2)
    for (const by of [0.1, 3]) {
      expect(await x.mul(by).array()).toEqual([half(by), half(2 * half(by))])
    }
  })

  test('names the op that overflows', async () => {
    debug({ checkNumerics: true })
    try {
      const squared = halves(300).mul(halves(300))
      await expect(squared.data()).rejects.toThrow(/mul: Infinity at \[0\] of its result float16/)
    } finally {
      debug({ checkNumerics: false })
    }
  })
})
