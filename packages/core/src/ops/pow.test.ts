import { beforeAll, expect, test } from 'vitest'
import { DTypeError, gradients, pow, setBackend, tensor } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

async function slopes(base: readonly number[], exponent: readonly number[]) {
  const [a, b] = [tensor(base), tensor(exponent)]
  const [da, db] = gradients(pow(a, b).sum(), [a, b])
  return { a: [...((await da?.data()) ?? [])], b: [...((await db?.data()) ?? [])] }
}

test('gradients at the base 0 are finite where they exist', async () => {
  const { a, b } = await slopes([0, 0, 0, 0], [0, 1, 2, 3.5])
  expect(a).toEqual([0, 1, 0, 0])
  expect(b).toEqual([0, 0, 0, 0])
})

test('gradients by a negative base are those of the integer power', async () => {
  const { a, b } = await slopes([-2, -2, -0.5], [3, 2, -1])
  expect(a).toEqual([12, -4, -4])
  expect(b).toEqual([0, 0, 0])
})

test('x^0 has the slope 0 and, by the exponent, log x', async () => {
  const { a, b } = await slopes([2, 5], [0, 0])
  expect(a).toEqual([0, 0])
  expect(b[0]).toBeCloseTo(Math.log(2), 6)
  expect(b[1]).toBeCloseTo(Math.log(5), 6)
})

test('the second derivative of x² by its base is 2, also at 0', async () => {
  for (const exponent of [2, tensor([2, 2, 2])]) {
    const x = tensor([0, 1, -3])
    const slope = gradients(pow(x, exponent).sum(), x)
    expect(await gradients(slope.sum(), x).array()).toEqual([2, 2, 2])
  }
})

test('numbers may stand on either side', async () => {
  expect(await pow(tensor([1, 4, 9]), 0.5).array()).toEqual([1, 2, 3])
  expect(await pow(tensor([-3, 0.5]), 2).array()).toEqual([9, 0.25])
  expect(await pow(2, tensor([-1, 3])).array()).toEqual([0.5, 8])
})

test('integers are refused', () => {
  const x = tensor([1, 2], { dtype: 'int32' })
  expect(() => pow(x, 2)).toThrow(DTypeError)
  expect(() => pow(x, 2)).toThrow(/got|float32 or float64/)
})
