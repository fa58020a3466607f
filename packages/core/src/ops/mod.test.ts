import { beforeAll, expect, test } from 'vitest'
import { DTypeError, floorDiv, gradients, mod, setBackend, tensor } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

const { POSITIVE_INFINITY: infinity, NaN: nan } = Number

beforeAll(() => setBackend(new NaiveBackend()))

test('floorDiv takes the floor of the exact quotient', async () => {
  // Each a is just below a multiple of b, so that a / b is rounded to an integer.
  const a = tensor([0.3, 5.9999995, -5.9999995, 6, 10])
  const b = tensor([0.1, 3, 3, 3, 0.1])
  const exact = [2, 1, -2, 2, 99]
  const quotients = await floorDiv(a, b).data()
  const [as, bs] = [await a.data(), await b.data()]
  expect([...quotients]).toEqual([...as].map((x, i) => Math.floor(x / (bs[i] ?? 1))))
  expect(quotients[1]).toBe(exact[1])
  expect(quotients[4]).toBe(exact[4])
})

test('a = b · floorDiv + mod', async () => {
  const a = tensor([7.25, -7.25, 7.25, -7.25])
  const b = tensor([2, 2, -2, -2])
  expect(await floorDiv(a, b).array()).toEqual([3, -4, -4, 3])
  expect(await mod(a, b).array()).toEqual([1.25, 0.75, -0.75, -1.25])
})

test('by 0, and of infinities', async () => {
  const a = tensor([1, -1, infinity, 0])
  const b = tensor([0, 0, 2, 0])
  expect(await floorDiv(a, b).array()).toEqual([infinity, -infinity, infinity, nan])
  expect(await mod(a, b).array()).toEqual([nan, nan, nan, nan])
  const zero = tensor([0, 0], { dtype: 'int32' })
  expect(await floorDiv(tensor([5, -5], { dtype: 'int32' }), zero).array()).toEqual([0, 0])
  expect(await mod(tensor([5, -5], { dtype: 'int32' }), zero).array()).toEqual([0, 0])
})

test('the gradient of mod is that beside its steps, of floorDiv 0', async () => {
  const [a, b] = [tensor([7.5, -7.5]), tensor([2, 2])]
  const [da, db] = gradients(mod(a, b).sum(), [a, b])
  expect(await da?.array()).toEqual([1, 1])
  expect(await db?.array()).toEqual([-3, 4])
  const [zeroA, zeroB] = gradients(floorDiv(a, b).sum(), [a, b])
  expect(await zeroA?.array()).toEqual([0, 0])
  expect(await zeroB?.array()).toEqual([0, 0])
})

test('bools are refused', () => {
  const x = tensor([true])
  expect(() => mod(x, x)).toThrow(DTypeError)
  expect(() => floorDiv(x, x)).toThrow('wanted float32 or float64 or float16 or int32 or uint8')
})
