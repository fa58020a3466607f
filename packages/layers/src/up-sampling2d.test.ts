import { cpu } from '@tensorweft/backend-cpu'
import { ArgumentError, gradients, ShapeError, setBackend, tensor } from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { upSampling2d } from './index.ts'

beforeAll(() => setBackend(cpu()))

const image = tensor([1, 2, 3, 4], { shape: [1, 2, 2, 1] })

describe('upSampling2d', () => {
  test('repeats rows and columns, and sums their gradients', async () => {
    const y = upSampling2d({ size: [2, 3] }).apply(image)
    expect(y.shape).toEqual([1, 4, 6, 1])
    const rows = [
      [1, 1, 1, 2, 2, 2],
      [3, 3, 3, 4, 4, 4],
    ].flatMap((row) => [row, row])
    expect(await y.reshape([4, 6]).array()).toEqual(rows)
    const weights = tensor(Array.from({ length: 24 }, (_, i) => i)).reshape(y.shape)
    const dx = gradients(y.mul(weights).sum(), image)
    expect(await dx.data()).toEqual(new Float32Array([24, 42, 96, 114]))
  })

  test('blends with bilinear interpolation', async () => {
    const y = upSampling2d({ size: [1, 2], interpolation: 'bilinear' }).apply(image)
    expect(await y.reshape([2, 4]).array()).toEqual([
      [1, 1.25, 1.75, 2],
      [3, 3.25, 3.75, 4],
    ])
  })

  test('is built for images, and keeps its options', () => {
    const layer = upSampling2d({ size: 3 })
    expect(layer.build([4, 5, 6])).toEqual([12, 15, 6])
    expect(layer.config).toEqual({ type: 'upSampling2d', size: 3 })
    expect(() => layer.build([4, 5])).toThrow(ShapeError)
  })

  test('refuses sizes and interpolations that are none', () => {
    expect(() => upSampling2d({ size: 1.5 })).toThrow(ArgumentError)
    const wrong = JSON.parse('{ "interpolation": "cubic" }')
    expect(() => upSampling2d(wrong)).toThrow(/one of nearest, bilinear/)
  })
})
