import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  gradients,
  key,
  LayerError,
  ones,
  Parameter,
  ShapeError,
  setBackend,
  sizeOf,
  type Tensor,
  tensor,
  zeros,
} from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Conv2D, type Conv2DOptions, conv2d, initializers } from '../index.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

/** Weights 0, 1, 2, … in the shape that is asked for. */
const counting: initializers.Initializer = (shape) =>
  tensor(
    Array.from({ length: sizeOf(shape) }, (_, i) => i),
    { shape },
  )

/** One image [1, 3, 3, 1] of 1 to 9. */
const image = () => counting([1, 3, 3, 1], key(0)).add(1)

function weightsOf({ parameters: { kernel, bias } }: Conv2D) {
  if (!(kernel instanceof Parameter && bias instanceof Parameter)) throw new Error('no weights')
  return { kernel, bias }
}

describe('a convolution of images', () => {
  test('computes activation(x ∗ kernel + bias), without flipping the kernel', async () => {
    const layer = conv2d({
      filters: 1,
      kernelSize: 2,
      activation: 'relu',
      kernelInitializer: counting,
      biasInitializer: initializers.constant(-30),
    })
    expect(layer.build([3, 3, 1], key(0))).toEqual([2, 2, 1])
    const y = layer.apply(image())
    expect(y.shape).toEqual([1, 2, 2, 1])
    // 0 · 1 + 1 · 2 + 2 · 4 + 3 · 5 = 25, and 6 more with every step to the right.
    expect(await y.reshape([2, 2]).array()).toEqual([
      [0, 1],
      [13, 19],
    ])
  })

  test('strides, pads and dilates', async () => {
    const sums = async (options: Partial<Conv2DOptions>) => {
      const layer = conv2d({ filters: 1, kernelSize: 2, kernelInitializer: 'ones', ...options })
      layer.build([3, 3, 1], key(0))
      return [...(await layer.apply(image()).data())]
    }
    expect(await sums({ strides: 2 })).toEqual([12])
    expect(await sums({ strides: [1, 2] })).toEqual([12, 24])
    expect(await sums({ padding: 'same' })).toEqual([12, 16, 9, 24, 28, 15, 15, 17, 9])
    expect(await sums({ padding: 'same', strides: 2 })).toEqual([12, 9, 15, 9])
    expect(await sums({ dilationRate: 2 })).toEqual([20])
    expect(await sums({ dilationRate: [2, 1] })).toEqual([1 + 2 + 7 + 8, 2 + 3 + 8 + 9])
    const padding = [
      [1, 0],
      [0, 0],
    ] as const
    expect(await sums({ padding })).toEqual([3, 5, 12, 16, 24, 28])
    expect(await sums({ kernelSize: [3, 1] })).toEqual([12, 15, 18])
  })

  test('sums over the channels of a group', async () => {
    const layer = conv2d({ filters: 2, kernelSize: 1, groups: 2, kernelInitializer: 'ones' })
    expect(layer.build([1, 1, 4], key(0))).toEqual([1, 1, 2])
    expect(layer.parameters.kernel).toMatchObject({ shape: [1, 1, 2, 2] })
    const y = layer.apply(tensor([1, 2, 3, 4]).reshape([1, 1, 1, 4]))
    expect(await y.reshape([2]).array()).toEqual([3, 7])
  })

  test('has gradients', async () => {
    const layer = conv2d({ filters: 2, kernelSize: 2 })
    layer.build([3, 3, 1], key(0))
    const { kernel, bias } = weightsOf(layer)
    const slopes = gradients(layer.apply(image()).sum(), { kernel, bias })
    // Of each weight the pixels that it meets, of each bias the positions.
    expect([...(await slopes.kernel.data())]).toEqual([12, 12, 16, 16, 24, 24, 28, 28])
    expect(await slopes.bias.array()).toEqual([4, 4])
  })
})

describe('its weights', () => {
  test('have names, and start with zeros for the bias', async () => {
    const layer = conv2d({ filters: 16, kernelSize: [3, 5], groups: 2 })
    expect(layer.parameters).toEqual({})
    layer.build([8, 8, 4], key(1))
    const { kernel, bias } = weightsOf(layer)
    expect([kernel.shape, bias.shape]).toEqual([[3, 5, 2, 16], [16]])
    expect(new Set(await bias.value.data())).toEqual(new Set([0]))
    // Glorot's limit, with every place of the window as a connection.
    const limit = Math.sqrt(6 / (3 * 5 * (2 + 16)))
    const largest = Math.max(...(await kernel.value.data()).map(Math.abs))
    expect(largest).toBeLessThanOrEqual(limit * (1 + 1e-6))
    expect(largest).toBeGreaterThan(limit * 0.95)
  })

  test('depend on the key alone', async () => {
    const values = async (seed: number) => {
      const layer = conv2d({ filters: 2, kernelSize: 2 })
      layer.build([3, 3, 1], key(seed))
      return layer.apply(image()).array()
    }
    expect(await values(1)).toEqual(await values(1))
    expect(await values(1)).not.toEqual(await values(2))
  })

  test('are without a bias if told so', () => {
    const layer = conv2d({ filters: 1, kernelSize: 1, useBias: false })
    layer.build([3, 3, 1], key(0))
    expect(Object.keys(layer.parameters)).toEqual(['kernel'])
  })

  test('stay when it is built again, for images of another size but as many channels', () => {
    const layer = conv2d({ filters: 1, kernelSize: 3 })
    layer.build([5, 5, 2], key(0))
    const { kernel } = layer.parameters
    expect(layer.build([8, 7, 2], key(1))).toEqual([6, 5, 1])
    expect(layer.parameters.kernel).toBe(kernel)
    expect(layer.apply(zeros([2, 9, 9, 2])).shape).toEqual([2, 7, 7, 1])
    expect(() => layer.build([5, 5, 3], key(0))).toThrow(LayerError)
  })

  test('are not made when the build fails', () => {
    const layer = conv2d({ filters: 2, kernelSize: 3, groups: 2 })
    expect(() => layer.build([2, 5, 2], key(0))).toThrow(ShapeError)
    expect(() => layer.build([5, 5, 3], key(0))).toThrow(ShapeError)
    expect(layer.parameters).toEqual({})
  })
})

test('its options come back from the config', async () => {
  const options = { filters: 1, kernelSize: 1, activation: (x: Tensor) => x.mul(2), name: 'first' }
  const layer = conv2d({ ...options, kernelInitializer: 'ones' })
  expect(layer.config).toEqual({ type: 'conv2d', ...options, kernelInitializer: 'ones' })
  layer.build([1, 1, 1], key(0))
  expect(await layer.apply(ones([1, 1, 1, 1])).item()).toBe(2)
})

describe('what a convolution refuses', () => {
  test.each<Partial<Record<keyof Conv2DOptions, unknown>>>([
    { filters: 0 },
    { filters: 1.5 },
    { kernelSize: 0 },
    { kernelSize: [3] },
    { kernelSize: [3, 3, 3] },
    { kernelSize: [3, -1] },
    { strides: 0 },
    { strides: [1, Number.NaN] },
    { dilationRate: 0.5 },
    { groups: 0 },
    { groups: 3 },
    { activation: 'rely' },
    { kernelInitializer: 'glorot' },
    { biasInitializer: 'zero' },
  ])('%j', (wrong) => {
    const options: object = { filters: 4, kernelSize: 3, ...wrong }
    expect(() => conv2d(options as Conv2DOptions)).toThrow(ArgumentError)
  })

  test('with what it got and wanted', () => {
    expect(() => conv2d({ filters: 4, kernelSize: [3, 0] })).toThrow(
      'conv2d: kernelSize [3, 0]; wanted a positive integer, or [height, width] of them.',
    )
    expect(() => conv2d({ filters: 4, kernelSize: 3, groups: 3 })).toThrow(
      'conv2d: groups 3; wanted a positive integer that divides the 4 filters.',
    )
  })

  test('a padding that it does not know', () => {
    const causal: object = { filters: 1, kernelSize: 1, padding: 'causal' }
    expect(() => conv2d(causal as Conv2DOptions).build([1, 1, 1], key(0))).toThrow(ArgumentError)
  })

  test.each([[[]], [[28]], [[28, 28]], [[28, 28, 0]], [[0, 28, 1]], [[1, 28, 28, 1]]])(
    'inputs of shape %j',
    (shape) => {
      expect(() => conv2d({ filters: 1, kernelSize: 1 }).build(shape, key(0))).toThrow(ShapeError)
    },
  )

  test('shapes, with what would do', () => {
    const layer = conv2d({ filters: 2, kernelSize: 3, groups: 2 })
    expect(() => layer.build([28, 28], key(0))).toThrow(
      'conv2d: inputs of shape [28, 28]; wanted [height, width, channels] without the batch axis, none of them 0.\n  Hint: images of one channel are [height, width, 1]',
    )
    expect(() => layer.build([28, 28, 3], key(0))).toThrow(
      'conv2d: inputs of shape [28, 28, 3] for 2 groups; wanted a number of channels that the groups divide.',
    )
    expect(() => layer.build([2, 2, 2], key(0))).toThrow(/reaches \[3, 3\][\s\S]*padding: 'same'/)
  })

  test('images before it is built, or with other channels', () => {
    const layer = conv2d({ filters: 2, kernelSize: 1, groups: 2 })
    expect(() => layer.apply(zeros([1, 2, 2, 4]))).toThrow(/before it was built[\s\S]*call build/)
    layer.build([2, 2, 4], key(0))
    const refusal =
      'conv2d: x is [1, 2, 2, 2] and the kernel [1, 1, 2, 2]; wanted x [batch, height, width, 4], as it was built.'
    expect(() => layer.apply(zeros([1, 2, 2, 2]))).toThrow(refusal)
    expect(() => layer.apply(zeros([2, 2, 4]))).toThrow(ShapeError)
  })
})
