import { expect, test } from 'vitest'
import { zeros } from './full.ts'
import { avgPool1d, maxPool2d } from './pool.ts'

test('windows do not overlap unless strides say so', () => {
  const images = zeros([2, 28, 28, 3])
  expect(maxPool2d(images).shape).toEqual([2, 14, 14, 3])
  expect(maxPool2d(images, { poolSize: 3, strides: undefined }).shape).toEqual([2, 9, 9, 3])
  expect(maxPool2d(images, { strides: 1 }).shape).toEqual([2, 27, 27, 3])
  expect(avgPool1d(zeros([1, 7, 2]), { padding: 'same' }).shape).toEqual([1, 4, 2])
})
