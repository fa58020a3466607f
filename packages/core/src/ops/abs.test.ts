import { beforeAll, expect, test } from 'vitest'
import { abs, grad, meanAbsoluteError, setBackend, type Tensor, tensor } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

const x = tensor([-2, -0, 0, 3, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])

test('the gradient of abs is the sign, 0 at 0', async () => {
  const slope = grad((x: Tensor) => abs(x).mul(5).sum())
  expect(await slope(x).array()).toEqual([-5, 0, 0, 5, -5, 5])
  const targets = tensor([1, 2, 3, 4])
  const byPredictions = grad((x: Tensor) => meanAbsoluteError(x, targets))
  expect(await byPredictions(tensor([1, 2, 4, 2])).array()).toEqual([0, 0, 0.25, -0.25])
})

test('a gradient that is infinite at 0 gives no NaN there', async () => {
  const slope = grad((x: Tensor) => abs(x).sqrt().sum())
  expect(await slope(tensor([0, 4])).array()).toEqual([0, 0.25])
})

test('its second gradient is 0, that of its square 2', async () => {
  const twice = (f: (x: Tensor) => Tensor) => grad((x: Tensor) => grad(f)(x).mul(x).sum())
  expect(await twice((x) => abs(x).sum())(tensor([-2, 0, 3])).array()).toEqual([-1, 0, 1])
  expect(await twice((x) => abs(x).square().sum())(tensor([-2, 3])).array()).toEqual([-8, 12])
})
