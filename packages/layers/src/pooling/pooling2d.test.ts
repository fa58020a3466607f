import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  gradients,
  key,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
  zeros,
} from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  averagePooling2d,
  globalAveragePooling2d,
  maxPooling2d,
  type Pooling2DOptions,
} from '../index.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

/** An image [1, 3, 4, 1]. */
const image = () => tensor([3, 1, 4, 1, 5, 9, 2, 6, -5, -3, -5, -8]).reshape([1, 3, 4, 1])

const values = async (x: Tensor) => [...(await x.data())]

describe('the maximum of windows', () => {
  const of = (options?: Pooling2DOptions) => values(maxPooling2d(options).apply(image()))

  test('that are 2 by 2 and do not overlap, if not told otherwise', async () => {
    expect(await of()).toEqual([9, 6])
    expect(await of({ poolSize: 2, strides: undefined })).toEqual([9, 6])
    expect(await of({ poolSize: [3, 2] })).toEqual([9, 6])
  })

  test('of other sizes, steps and padding', async () => {
    expect(await of({ strides: 1 })).toEqual([9, 9, 6, 9, 9, 6])
    expect(await of({ poolSize: [1, 3], strides: [2, 1] })).toEqual([4, 4, -3, -3])
    // Padding never wins, not even over negative numbers.
    expect(await of({ padding: 'same' })).toEqual([9, 6, -3, -5])
    const padding = [
      [1, 0],
      [0, 0],
    ] as const
    expect(await of({ padding })).toEqual([3, 4, 9, 6])
  })

  test('keeps channels apart', async () => {
    const x = tensor([1, -1, 2, -2, 3, -3, 4, -4]).reshape([1, 2, 2, 2])
    expect(await values(maxPooling2d().apply(x))).toEqual([4, -1])
  })

  test('passes the gradient to the greatest', async () => {
    const x = image()
    const [dx] = gradients(maxPooling2d().apply(x).sum(), [x])
    expect(dx && (await values(dx))).toEqual([0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0])
  })
})

describe('the mean of windows', () => {
  const of = (options?: Pooling2DOptions) => values(averagePooling2d(options).apply(image()))

  test('that are 2 by 2 and do not overlap, if not told otherwise', async () => {
    expect(await of()).toEqual([4.5, 3.25])
    expect(await of({ poolSize: [1, 4], strides: 1 })).toEqual([2.25, 5.5, -5.25])
  })

  test('does not count padding', async () => {
    expect(await of({ padding: 'same' })).toEqual([4.5, 3.25, -4, -6.5])
  })
})

describe('the mean of whole images', () => {
  test('for each channel', async () => {
    const x = tensor([1, 10, 2, 20, 3, 30, 0, 0, 0, 0, 3, 3]).reshape([2, 1, 3, 2])
    expect(await globalAveragePooling2d().apply(x).array()).toEqual([
      [2, 20],
      [1, 1],
    ])
  })
})

describe('pooling layers', () => {
  test('have no weights, and give their options back', () => {
    const layer = maxPooling2d({ poolSize: 3, padding: 'same', name: 'half' })
    layer.build([6, 6, 1], key(0))
    expect(layer.variables).toEqual({})
    expect(layer.config).toEqual({
      type: 'maxPooling2d',
      poolSize: 3,
      padding: 'same',
      name: 'half',
    })
    expect(averagePooling2d().config).toEqual({ type: 'averagePooling2d' })
    expect(globalAveragePooling2d().config).toEqual({ type: 'globalAveragePooling2d' })
  })

  test.each<Partial<Record<keyof Pooling2DOptions, unknown>>>([
    { poolSize: 0 },
    { poolSize: [2] },
    { strides: -1 },
    { strides: [1, 0.5] },
  ])('refuse %j', (options) => {
    expect(() => maxPooling2d(options as Pooling2DOptions)).toThrow(ArgumentError)
    expect(() => averagePooling2d(options as Pooling2DOptions)).toThrow(ArgumentError)
  })

  test('say which option is wrong', () => {
    expect(() => averagePooling2d({ strides: [2, 0] })).toThrow(
      'averagePooling2d: strides [2, 0]; wanted a positive integer, or [height, width] of them.',
    )
  })

  test('refuse what are no images', () => {
    for (const layer of [maxPooling2d(), averagePooling2d(), globalAveragePooling2d()]) {
      expect(() => layer.build([6, 6], key(0))).toThrow(ShapeError)
      expect(() => layer.build([6, 0, 1], key(0))).toThrow(ShapeError)
      expect(() => layer.apply(zeros([6, 6, 1]))).toThrow(ShapeError)
    }
  })

  test('refuse images that are smaller than the window', () => {
    expect(() => maxPooling2d().build([1, 6, 1], key(0))).toThrow(/reaches \[2, 2\]/)
  })
})
