import { beforeAll, expect, test } from 'vitest'
import {
  ArgumentError,
  groupNorm,
  instanceNorm,
  layerNorm,
  ones,
  ShapeError,
  setBackend,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { wave } from '../schedule/plans.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

test('one group of all channels is a layer norm over all axes of a sample', async () => {
  const x = wave([2, 3, 3, 4])
  const got = await groupNorm(x, undefined, undefined, { groups: 1 }).data()
  expect(got).toEqual(await layerNorm(x, undefined, undefined, { axes: [1, 2, 3] }).data())
})

test('a group per channel is an instance norm', async () => {
  const [x, gamma, beta] = [wave([2, 3, 5, 4]), wave([4], 2), wave([4], 3)]
  const got = await groupNorm(x, gamma, beta, { groups: 4 }).data()
  expect(got).toEqual(await instanceNorm(x, gamma, beta).data())
})

test('groups are of neighbouring channels', async () => {
  const x = wave([2, 5, 6])
  const got = await groupNorm(x, undefined, undefined, { groups: 2 }).data()
  const halves = [0, 3].map((from) =>
    layerNorm(x.slice([0, 0, from], [2, 5, 3]), undefined, undefined, { axes: [1, 2] }),
  )
  const [first = [], second = []] = await Promise.all(halves.map((half) => half.data()))
  got.forEach((value, i) => {
    const [row, channel] = [Math.floor(i / 6), i % 6]
    expect(value).toBe((channel < 3 ? first : second)[3 * row + (channel % 3)])
  })
})

test('group and instance norm refuse what does not fit', () => {
  const x = zeros([2, 3, 4])
  expect(() => groupNorm(x, undefined, undefined, { groups: 3 })).toThrow(ArgumentError)
  expect(() => groupNorm(x, undefined, undefined, { groups: 3 })).toThrow(
    'groupNorm: groups 3 for 4 channels; wanted a positive integer that divides them',
  )
  expect(() => groupNorm(zeros([4]), undefined, undefined, { groups: 2 })).toThrow(ShapeError)
  expect(() => groupNorm(x, ones([2]), undefined, { groups: 2 })).toThrow(/wanted gamma \[4\]/)
  expect(() => instanceNorm(zeros([2, 3]))).toThrow(/at least one spatial axis/)
  expect(() => instanceNorm(x, undefined, ones([3]))).toThrow(/wanted beta \[4\]/)
})
