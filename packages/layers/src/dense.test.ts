import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  gradients,
  key,
  LayerError,
  Parameter,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
  zeros,
} from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { dense, initializers } from './index.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

/** Weights 0, 1, 2, … in the shape that is asked for. */
const counting: initializers.Initializer = (shape) =>
  tensor(
    Array.from({ length: shape.reduce((size, n) => size * n, 1) }, (_, i) => i),
    { shape },
  )

describe('a dense layer', () => {
  test('computes activation(x · kernel + bias)', async () => {
    const layer = dense({
      units: 2,
      activation: 'relu',
      kernelInitializer: counting,
      biasInitializer: initializers.constant(-20),
    })
    expect(layer.build([3], key(0))).toEqual([2])
    const y = layer.apply(
      tensor([
        [1, 2, 3],
        [0, 1, 4],
      ]),
    )
    expect(await y.array()).toEqual([
      [0, 2],
      [0, 3],
    ])
  })

  test('works on the last axis of any rank', async () => {
    const layer = dense({ units: 4, kernelInitializer: 'ones' })
    expect(layer.build([5, 3], key(0))).toEqual([5, 4])
    const y = layer.apply(zeros([2, 5, 3]).add(1))
    expect(y.shape).toEqual([2, 5, 4])
    expect(new Set(await y.data())).toEqual(new Set([3]))
  })

  test('names its weights, and starts with zeros for the bias', async () => {
    const layer = dense({ units: 2 })
    expect(layer.parameters).toEqual({})
    layer.build([3], key(1))
    const { kernel, bias } = layer.parameters
    if (!(kernel instanceof Parameter && bias instanceof Parameter)) throw new Error('no weights')
    expect([kernel.shape, bias.shape]).toEqual([[3, 2], [2]])
    expect(await bias.value.array()).toEqual([0, 0])
    const values = await kernel.value.data()
    expect(new Set(values).size).toBe(6)
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / 5))
    const again = dense({ units: 2 })
    again.build([3], key(1))
    expect(await again.apply(tensor([[1, 2, 3]])).array()).toEqual(
      await layer.apply(tensor([[1, 2, 3]])).array(),
    )
  })

  test('has no bias if told so', async () => {
    const layer = dense({ units: 1, useBias: false, kernelInitializer: 'ones' })
    layer.build([2], key(0))
    expect(Object.keys(layer.parameters)).toEqual(['kernel'])
    expect(await layer.apply(tensor([[3, 4]])).array()).toEqual([[7]])
  })

  test('has gradients', async () => {
    const layer = dense({ units: 2, activation: 'tanh' })
    layer.build([3], key(0))
    const loss = layer.apply(tensor([[1, 2, 3]])).sum()
    const slopes = gradients(loss, layer.parameters)
    expect(slopes.kernel).toMatchObject({ shape: [3, 2], dtype: 'float32' })
  })

  test('takes a function as activation and gives its options back', async () => {
    const options = { units: 1, activation: (x: Tensor) => x.mul(2) }
    const layer = dense({ ...options, kernelInitializer: 'ones' })
    expect(layer.config).toMatchObject({ type: 'dense', ...options })
    layer.build([1], key(0))
    expect(await layer.apply(tensor([[3]])).array()).toEqual([[6]])
  })

  test('keeps its weights when it is built again, for as many features', () => {
    const layer = dense({ units: 1 })
    layer.build([2], key(0))
    const { kernel } = layer.parameters
    expect(layer.build([7, 2], key(1))).toEqual([7, 1])
    expect(layer.parameters.kernel).toBe(kernel)
    expect(() => layer.build([3], key(0))).toThrow(LayerError)
  })

  test('has a weight among its parameters that is not to be trained for a while', () => {
    const layer = dense({ units: 1 })
    layer.build([2], key(0))
    const { kernel } = layer.parameters
    if (!(kernel instanceof Parameter)) throw new Error('the kernel is no parameter')
    kernel.trainable = false
    expect(Object.keys(layer.parameters)).toEqual(['kernel', 'bias'])
    expect(layer.state).toEqual({})
  })
})

describe('what a dense layer refuses', () => {
  test.each([0, -1, 1.5, Number.NaN])('%d units', (units) => {
    expect(() => dense({ units })).toThrow(ArgumentError)
  })

  test('names that it does not know', () => {
    const withNames = (names: object) => () => dense({ units: 1, ...names })
    expect(withNames({ activation: 'rely' })).toThrow(ArgumentError)
    expect(withNames({ activation: 'rely' })).toThrow(
      /activation 'rely'; wanted one of linear, relu/,
    )
    expect(withNames({ kernelInitializer: 'glorot' })).toThrow(ArgumentError)
    expect(withNames({ kernelInitializer: 'glorot' })).toThrow(
      /kernelInitializer 'glorot'; wanted one of .*glorotNormal, glorotUniform, .*or a function/,
    )
    expect(withNames({ biasInitializer: 'hasOwnProperty' })).toThrow(ArgumentError)
  })

  test('shapes without features', () => {
    expect(() => dense({ units: 1 }).build([], key(0))).toThrow(ShapeError)
    expect(() => dense({ units: 1 }).build([3, 0], key(0))).toThrow(ShapeError)
  })

  test('inputs before it is built, or with other features', () => {
    const layer = dense({ units: 1 })
    expect(() => layer.apply(zeros([1, 2]))).toThrow(/before it was built[\s\S]*call build/)
    layer.build([2], key(0))
    expect(() => layer.apply(zeros([1, 3]))).toThrow(
      'dense: x is [1, 3] and the kernel [2, 1]; wanted x [..., 2], as it was built.',
    )
  })
})
