import { key, type Layer, type Shape, sizeOf, type WindowPadding, zeros } from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import {
  averagePooling2d,
  conv2d,
  globalAveragePooling2d,
  type HeightWidth,
  maxPooling2d,
} from './index.ts'

const sizes: readonly Shape[] = [
  [7, 7, 4],
  [8, 9, 4],
  [5, 12, 4],
]
const windows: readonly HeightWidth[] = [1, 2, 3, [3, 2], [1, 4]]
const strides: readonly HeightWidth[] = [1, 2, 3, [2, 1]]
const paddings = ['valid', 'same'] as const
const dilations: readonly HeightWidth[] = [1, 2, [1, 2]]

const pair = (value: HeightWidth): readonly number[] =>
  typeof value === 'number' ? [value, value] : value

/** Keras' formulas for the height and width of the output. */
function outputSizes(
  shape: Shape,
  window: HeightWidth,
  stride: HeightWidth,
  padding: 'valid' | 'same',
  dilation: HeightWidth = 1,
): number[] {
  return [0, 1].map((axis) => {
    const [n = 0, k = 0] = [shape[axis], pair(window)[axis]]
    const [s = 0, d = 0] = [pair(stride)[axis], pair(dilation)[axis]]
    const valid = n - (k - 1) * d
    return Math.max(0, Math.ceil((padding === 'same' ? n : valid) / s))
  })
}

/** What `build` promises, which `apply` must keep. */
function promisedShape(layer: Layer, shape: Shape): Shape {
  const promised = layer.build(shape, key(0))
  expect(layer.apply(zeros([2, ...shape])).shape).toEqual([2, ...promised])
  return promised
}

/** Of all combinations, those that leave something of the image. */
function* combinations() {
  for (const shape of sizes)
    for (const window of windows)
      for (const stride of strides)
        for (const padding of paddings) yield { shape, window, stride, padding }
}

describe('build returns the shape that apply gives, as Keras computes it:', () => {
  test('convolutions', () => {
    let count = 0
    for (const { shape, window, stride, padding } of combinations()) {
      for (const dilationRate of dilations) {
        for (const groups of [1, 2]) {
          const wanted = outputSizes(shape, window, stride, padding, dilationRate)
          if (sizeOf(wanted) === 0) continue
          const options = { kernelSize: window, strides: stride, padding, dilationRate, groups }
          const layer = conv2d({ filters: 6, ...options })
          expect(promisedShape(layer, shape), JSON.stringify(options)).toEqual([...wanted, 6])
          count++
        }
      }
    }
    expect(count).toBeGreaterThan(650)
  })

  test.each([
    ['maxPooling2d', maxPooling2d],
    ['averagePooling2d', averagePooling2d],
  ])('%s', (_, pooling) => {
    for (const { shape, window, stride, padding } of combinations()) {
      const options = { poolSize: window, strides: stride, padding }
      const wanted = outputSizes(shape, window, stride, padding)
      expect(promisedShape(pooling(options), shape), JSON.stringify(options)).toEqual([
        ...wanted,
        4,
      ])
    }
    expect(promisedShape(pooling(), [7, 8, 3])).toEqual([3, 4, 3])
    expect(promisedShape(pooling({ poolSize: 3, padding: 'same' }), [7, 8, 3])).toEqual([3, 3, 3])
  })

  test('with padding as given', () => {
    const padding: WindowPadding = [
      [1, 0],
      [2, 1],
    ]
    const layers = [
      conv2d({ filters: 3, kernelSize: 3, strides: 2, padding }),
      maxPooling2d({ poolSize: 3, strides: 2, padding }),
      averagePooling2d({ poolSize: 3, strides: 2, padding }),
    ]
    for (const layer of layers) expect(promisedShape(layer, [6, 6, 3])).toEqual([3, 4, 3])
  })

  test('globalAveragePooling2d', () => {
    expect(promisedShape(globalAveragePooling2d(), [5, 3, 7])).toEqual([7])
  })
})
