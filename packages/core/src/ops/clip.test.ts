import { beforeAll, expect, test } from 'vitest'
import { ArgumentError, clip, gradients, setBackend, tensor } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

test('bounds count as inside, NaN stays', async () => {
  const x = tensor([-2, -1, 0, 1, 2, Number.NaN])
  const y = clip(x, -1, 1)
  expect(await y.array()).toEqual([-1, -1, 0, 1, 1, Number.NaN])
  expect(await gradients(y.sum(), x).array()).toEqual([0, 1, 1, 1, 0, 1])
})

test('a bound may be left out', async () => {
  const x = tensor([-2, 3])
  expect(await clip(x, null, 1).array()).toEqual([-2, 1])
  expect(await clip(x, 0, null).array()).toEqual([0, 3])
  expect(clip(x, null, null)).toBe(x)
})

test('one plan serves all bounds', async () => {
  const backend = new NaiveBackend()
  await setBackend(backend)
  for (const bound of [1, 2, 3]) await clip(tensor([5]), -bound, bound).data()
  expect(backend.compiled).toHaveLength(1)
})

test.each([
  [2, 1],
  [Number.NaN, null],
  [null, Number.NaN],
])('clip(%d, %d) is refused', (min, max) => {
  expect(() => clip(tensor([1]), min, max)).toThrow(ArgumentError)
})
