import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  key,
  LayerError,
  type Padding,
  ShapeError,
  setBackend,
  tensor,
  zeros,
} from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Conv2DTransposeOptions, conv2dTranspose } from '../index.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

/** Keras' formula for the size of one axis of the output. */
function kerasSize(
  n: number,
  kernel: number,
  stride: number,
  dilation: number,
  padding: 'valid' | 'same',
  outputPadding: number | undefined,
): number {
  const reach = (kernel - 1) * dilation + 1
  if (padding === 'valid') {
    const more = outputPadding ?? Math.max(reach, stride) - reach
    return (n - 1) * stride + reach + more
  }
  return outputPadding === undefined ? n * stride : (n - 1) * stride + (reach % 2) + outputPadding
}

describe('conv2dTranspose', () => {
  test("makes images of Keras' sizes", () => {
    let count = 0
    for (const kernelSize of [1, 2, 3, 4])
      for (const strides of [1, 2, 3])
        for (const dilationRate of [1, 2])
          for (const padding of ['valid', 'same'] as const)
            for (const outputPadding of [undefined, 0, 1]) {
              if ((outputPadding ?? 0) >= strides) continue
              const size = kerasSize(5, kernelSize, strides, dilationRate, padding, outputPadding)
              const options = { kernelSize, strides, dilationRate, padding }
              const layer = conv2dTranspose({
                filters: 2,
                ...options,
                ...(outputPadding !== undefined && { outputPadding }),
              })
              expect(layer.build([5, 5, 3], key(0)), JSON.stringify(options)).toEqual([
                size,
                size,
                2,
              ])
              expect(layer.apply(zeros([1, 5, 5, 3])).shape).toEqual([1, size, size, 2])
              count++
            }
    expect(count).toBeGreaterThan(100)
  })

  test('spreads each pixel over a window, and adds the bias', async () => {
    const layer = conv2dTranspose({
      filters: 1,
      kernelSize: [1, 2],
      strides: [1, 2],
      kernelInitializer: () => tensor([1, 10], { shape: [1, 2, 1, 1] }),
      biasInitializer: 'ones',
      activation: (x) => x.mul(2),
    })
    expect(layer.build([1, 2, 1], key(0))).toEqual([1, 4, 1])
    const y = layer.apply(tensor([3, 4], { shape: [1, 1, 2, 1] }))
    expect([...(await y.data())]).toEqual([8, 62, 10, 82])
  })

  test('cuts an explicit padding off', () => {
    const padding: Padding[] = [
      [1, 1],
      [1, 0],
    ]
    const layer = conv2dTranspose({ filters: 1, kernelSize: 4, strides: 2, padding })
    expect(layer.build([7, 7, 3], key(0))).toEqual([14, 15, 1])
  })

  test('has a kernel [height, width, filters, inChannels]', () => {
    const layer = conv2dTranspose({ filters: 5, kernelSize: [3, 2] })
    layer.build([4, 4, 7], key(0))
    expect(layer.parameters).toMatchObject({
      kernel: { shape: [3, 2, 5, 7] },
      bias: { shape: [5] },
    })
    expect(() => layer.build([4, 4, 6], key(0))).toThrow(LayerError)
    const bare = conv2dTranspose({ filters: 5, kernelSize: 3, useBias: false })
    bare.build([4, 4, 7], key(0))
    expect(Object.keys(bare.parameters)).toEqual(['kernel'])
  })

  test.each<Partial<Record<keyof Conv2DTransposeOptions, unknown>>>([
    { filters: 0 },
    { kernelSize: [3] },
    { strides: 0 },
    { dilationRate: 0 },
    { outputPadding: 1 },
    { outputPadding: [0, -1] },
    { padding: 'full' },
  ])('refuses %j', (wrong) => {
    const options: object = { filters: 4, kernelSize: 3, ...wrong }
    expect(() =>
      conv2dTranspose(options as Conv2DTransposeOptions).build([4, 4, 1], key(0)),
    ).toThrow(ArgumentError)
  })

  test('refuses images that do not fit', () => {
    const layer = conv2dTranspose({ filters: 2, kernelSize: 3 })
    expect(() => layer.apply(zeros([1, 4, 4, 1]))).toThrow(/conv2dTranspose: inputs before/)
    expect(() => layer.build([4, 4], key(0))).toThrow(ShapeError)
    layer.build([4, 4, 2], key(0))
    expect(() => layer.apply(zeros([1, 4, 4, 1]))).toThrow(/\[batch, height, width, 2\]/)
    expect(layer.config).toEqual({ type: 'conv2dTranspose', filters: 2, kernelSize: 3 })
  })
})
