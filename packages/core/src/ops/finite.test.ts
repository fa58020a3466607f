import { beforeAll, expect, test } from 'vitest'
import { isFinite as isFiniteElement, isInfinite, isNan, setBackend, tensor } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

test('floats are finite, infinite or NaN', async () => {
  const x = tensor([0, -3e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])
  expect(await isNan(x).array()).toEqual([false, false, false, false, true])
  expect(await isInfinite(x).array()).toEqual([false, false, true, true, false])
  expect(await isFiniteElement(x).array()).toEqual([true, true, false, false, false])
})

test('integers and bools are finite', async () => {
  for (const x of [tensor([2 ** 31 - 1, -5], { dtype: 'int32' }), tensor([true, false])]) {
    expect(await isNan(x as never).array()).toEqual([false, false])
    expect(await isInfinite(x as never).array()).toEqual([false, false])
    expect(await isFiniteElement(x as never).array()).toEqual([true, true])
  }
})
