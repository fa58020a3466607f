import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  DTypeError,
  gradients,
  ShapeError,
  setBackend,
  type WindowOptions,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { wave } from '../schedule/plans.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

/** The input of a convolution that gives `y` when it is convolved. */
const windows: readonly (readonly [string, WindowOptions, number[]])[] = [
  ['no padding', {}, [6, 5]],
  ['strides', { strides: [2, 3] }, [9, 9]],
  ["'same' with strides", { strides: 2, padding: 'same' }, [8, 6]],
  ["'same' with dilations", { dilations: 2, padding: 'same' }, [4, 3]],
  [
    'explicit padding',
    {
      strides: 2,
      padding: [
        [1, 0],
        [0, 2],
      ],
    },
    [8, 5],
  ],
]

describe('convTranspose2d', () => {
  test.each(windows)(
    'is the gradient of conv2d by its input, with %s',
    async (_, options, size) => {
      const [y, filters] = [wave([2, 4, 3, 4]), wave([3, 3, 3, 4], 2)]
      const got = convTranspose2d(y, filters, options)
      expect(got.shape).toEqual([2, ...size, 3])
      const x = zeros([2, ...size, 3])
      const convolved = conv2d(x, filters, options)
      expect(convolved.shape).toEqual(y.shape)
      const [dx] = gradients(convolved.mul(y).sum(), [x])
      const [a, b = []] = [await got.data(), await dx?.data()]
      a.forEach((value, i) => {
        expect(value).toBeCloseTo(b[i] ?? Number.NaN, 5)
      })
    },
  )

  test('adds outputPadding at the end', async () => {
    const [y, filters] = [wave([1, 3, 3, 1]), wave([3, 3, 1, 1], 2)]
    const plain = convTranspose2d(y, filters, { strides: 3 })
    const longer = convTranspose2d(y, filters, { strides: 3, outputPadding: [1, 2] })
    expect(longer.shape).toEqual([1, 10, 11, 1])
    expect(await longer.slice([0, 0, 0, 0], [1, 9, 9, 1]).array()).toEqual(await plain.array())
    expect(await longer.slice([0, 9, 0, 0], [1, 1, 11, 1]).abs().sum().item()).toBe(0)
    const same = { strides: 2, padding: 'same' } as const
    const sizes = [0, 1].map(
      (outputPadding) => convTranspose2d(y, filters, { ...same, outputPadding }).shape[1],
    )
    expect(sizes).toEqual([5, 6])
    expect(await convTranspose2d(y, filters, { ...same, outputPadding: 1 }).array()).toEqual(
      await convTranspose2d(y, filters, same).array(),
    )
  })

  test('refuses what does not fit', () => {
    const [y, filters] = [zeros([1, 3, 3, 4]), zeros([3, 3, 2, 4])]
    expect(() => convTranspose2d(zeros([3, 3, 4]), filters)).toThrow(ShapeError)
    expect(() => convTranspose2d(y, zeros([3, 3, 4, 2]))).toThrow(
      'convTranspose2d: x is [1, 3, 3, 4] and filters are [3, 3, 4, 2]; wanted filters ' +
        '[...kernel, outChannels / groups, 4].\n  Hint: transposed filters have the output ' +
        'channels before the input channels',
    )
    expect(() => convTranspose2d(y, filters, { groups: 3 })).toThrow(ArgumentError)
    expect(() => convTranspose2d(y, filters, { outputPadding: 1 })).toThrow(ArgumentError)
    expect(() => convTranspose2d(y, filters, { strides: 2, outputPadding: [1] })).toThrow(/strides/)
    expect(() =>
      convTranspose2d(y, filters, {
        padding: [
          [3, 2],
          [0, 0],
        ],
      }),
    ).toThrow(/cut less off/)
    expect(() =>
      convTranspose2d(y, filters, {
        padding: [
          [-1, 0],
          [0, 0],
        ],
      }),
    ).toThrow(ArgumentError)
    expect(() => convTranspose2d(y, filters, { strides: 0 })).toThrow(ArgumentError)
    const [ints, intFilters] = [y.cast('int32'), filters.cast('int32')]
    // @ts-expect-error: integers have no gradient and so no transposed convolution.
    expect(() => convTranspose2d(ints, intFilters)).toThrow(DTypeError)
  })
})

test('convTranspose1d spreads each element over a window', async () => {
  const x = wave([1, 2, 1])
  const filters = wave([3, 1, 1], 2)
  const [[a = 0, b = 0], [f = 0, g = 0, h = 0]] = [
    [...(await x.data())],
    [...(await filters.data())],
  ]
  const got = [...(await convTranspose1d(x, filters, { strides: 2 }).data())]
  const wanted = [a * f, a * g, a * h + b * f, b * g, b * h]
  expect(got.length).toBe(wanted.length)
  got.forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i] ?? Number.NaN, 6)
  })
})
