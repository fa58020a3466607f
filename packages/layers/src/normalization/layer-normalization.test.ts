import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  key,
  LayerError,
  layerNorm,
  ShapeError,
  setBackend,
  tensor,
  zeros,
} from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { type LayerNormalizationOptions, layerNormalization } from '../index.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const x = tensor([1, 5, 2, 8, 3, 0, 7, 4, 6, 9, 1, 2], { shape: [2, 3, 2] })

describe('layerNormalization', () => {
  test.each<[LayerNormalizationOptions, number[]]>([
    [{}, [2]],
    [{ axis: -2 }, [3]],
    [{ axis: [1, 2], epsilon: 0.1 }, [3, 2]],
    [{ axis: [-1, -2] }, [3, 2]],
  ])('%j has weights in the shape of its axes', async (options, shape) => {
    const layer = layerNormalization({
      ...options,
      gammaInitializer: 'randomNormal',
      betaInitializer: 'randomNormal',
    })
    expect(layer.build([3, 2], key(1))).toEqual([3, 2])
    const { gamma, beta } = layer.parameters
    expect([gamma, beta]).toMatchObject([{ shape }, { shape }])
    const [g, b] = [gamma, beta].map((weight) => (weight as { value: typeof x }).value)
    const { axis = -1, epsilon = 0.001 } = options
    const wanted = layerNorm(x, g, b, { axes: axis, epsilon })
    expect(await layer.apply(x).array()).toEqual(await wanted.array())
    expect(await layer.apply(x, { training: true }).array()).toEqual(await wanted.array())
  })

  test('may be without weights', async () => {
    const layer = layerNormalization({ center: false, scale: false })
    layer.build([3, 2], key(0))
    expect(layer.parameters).toEqual({})
    expect(await layer.apply(x).array()).toEqual(await layerNorm(x).array())
    expect(() => layer.build([3, 4], key(0))).toThrow(LayerError)
  })

  test('keeps its weights for as large axes', () => {
    const layer = layerNormalization()
    layer.build([3, 2], key(0))
    const { gamma } = layer.parameters
    layer.build([7, 2], key(1))
    expect(layer.parameters.gamma).toBe(gamma)
    expect(() => layer.build([3], key(0))).toThrow(LayerError)
  })

  test('refuses what does not fit', () => {
    expect(() => layerNormalization({ epsilon: Number.NaN })).toThrow(ArgumentError)
    expect(() => layerNormalization({ axis: 0 }).build([3], key(0))).toThrow(/the batch/)
    expect(() => layerNormalization({ axis: 2 }).build([3], key(0))).toThrow(ShapeError)
    expect(() => layerNormalization().apply(x)).toThrow(LayerError)
    const layer = layerNormalization()
    layer.build([2], key(0))
    expect(() => layer.apply(zeros([2, 3]))).toThrow(ShapeError)
    expect(layer.config).toEqual({ type: 'layerNormalization' })
  })
})
