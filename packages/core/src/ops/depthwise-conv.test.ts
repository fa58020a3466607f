import { beforeAll, expect, test } from 'vitest'
import { conv2d, depthwiseConv2d, ShapeError, setBackend, zeros } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { wave } from '../schedule/plans.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

test('depthwiseConv2d convolves every channel by itself', async () => {
  const [x, filters] = [wave([2, 5, 4, 3]), wave([3, 2, 3, 2], 2)]
  const got = depthwiseConv2d(x, filters, { strides: 2, padding: 'same' })
  expect(got.shape).toEqual([2, 3, 2, 6])
  for (let c = 0; c < 3; c++) {
    const channel = x.slice([0, 0, 0, c], [2, 5, 4, 1])
    const own = filters.slice([0, 0, c, 0], [3, 2, 1, 2])
    const wanted = await conv2d(channel, own, { strides: 2, padding: 'same' }).data()
    const part = await got.slice([0, 0, 0, 2 * c], [2, 3, 2, 2]).data()
    part.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i] ?? Number.NaN, 6)
    })
  }
})

test('depthwiseConv2d refuses filters of other channels', () => {
  expect(() => depthwiseConv2d(zeros([1, 4, 4, 3]), zeros([2, 2, 1, 3]))).toThrow(ShapeError)
  expect(() => depthwiseConv2d(zeros([1, 4, 4, 3]), zeros([2, 2, 1, 3]))).toThrow(
    'depthwiseConv2d: x is [1, 4, 4, 3] and filters are [2, 2, 1, 3]; wanted filters ' +
      '[height, width, 3, multiplier]',
  )
  expect(() => depthwiseConv2d(zeros([4, 4, 3]), zeros([2, 2, 3, 1]))).toThrow(/rank 4/)
  expect(() => depthwiseConv2d(zeros([1, 2, 2, 3]), zeros([3, 3, 3, 1]))).toThrow(/'same'/)
})
