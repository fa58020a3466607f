import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  compile,
  gradients,
  key,
  LayerError,
  leavesOf,
  Parameter,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
  zeros,
} from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  type BatchNormalization,
  type BatchNormalizationOptions,
  batchNormalization,
  dense,
  sequential,
} from '../index.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

/** Where the moving statistics of a layer of one channel are. */
async function statistics({ state }: BatchNormalization): Promise<number[]> {
  const { movingMean, movingVariance } = state
  if (!(movingMean instanceof Parameter && movingVariance instanceof Parameter)) return []
  return [await movingMean.value.item(), await movingVariance.value.item()]
}

const built = (options: BatchNormalizationOptions = {}) => {
  const layer = batchNormalization(options)
  layer.build([1], key(0))
  return layer
}

const x = tensor([[1], [5]])

describe('batchNormalization', () => {
  test('has weights per channel, of which the moving ones are state', () => {
    const layer = batchNormalization()
    expect(layer.build([4, 4, 3], key(0))).toEqual([4, 4, 3])
    expect(Object.keys(layer.parameters)).toEqual(['gamma', 'beta'])
    expect(Object.keys(layer.state)).toEqual(['movingMean', 'movingVariance'])
    const { gamma } = layer.parameters
    const { movingMean } = layer.state
    expect(gamma).toMatchObject({ shape: [3], trainable: true })
    expect(movingMean).toMatchObject({ shape: [3], trainable: false })
    expect(layer.build([9, 3], key(1))).toEqual([9, 3])
    expect(layer.parameters.gamma).toBe(gamma)
    const plain = batchNormalization({ center: false, scale: false })
    plain.build([3], key(0))
    expect(plain.parameters).toEqual({})
  })

  test('uses its own statistics, and leaves them, unless it trains', async () => {
    const layer = built({
      movingMeanInitializer: () => tensor([3]),
      movingVarianceInitializer: () => tensor([4]),
      gammaInitializer: () => tensor([2]),
      betaInitializer: 'ones',
      epsilon: 0,
    })
    expect(await layer.apply(x).array()).toEqual([[-1], [3]])
    expect(await layer.apply(x, { training: false }).array()).toEqual([[-1], [3]])
    expect(await statistics(layer)).toEqual([3, 4])
  })

  test.each([
    ['step by step', false],
    ['compiled', true],
  ])('moves its statistics when it trains, %s', async (_, isCompiled) => {
    const layer = built({ momentum: 0.5, epsilon: 0 })
    const apply = (input: Tensor) => layer.apply(input, { training: true })
    const step = isCompiled ? compile(apply) : apply
    expect(await step(x).array()).toEqual([[-1], [1]])
    expect(await statistics(layer)).toEqual([1.5, 2.5])
    expect(await step(tensor([[1], [3]])).array()).toEqual([[-1], [1]])
    expect(await statistics(layer)).toEqual([1.75, 1.75])
  })

  test('that is applied twice in a step moves twice', async () => {
    const layer = built({ momentum: 0.5, epsilon: 0 })
    const step = compile((a: Tensor, b: Tensor) => {
      const outputs = [a, b].map((input) => layer.apply(input, { training: true }))
      return outputs
    })
    step(x, tensor([[2], [2]]))
    expect(await statistics(layer)).toEqual([1.75, 1.25])
  })

  test('trains in a model: weights by gradients, statistics by the batches', async () => {
    const model = sequential(dense({ units: 2 }), batchNormalization({ momentum: 0.9 }))
    model.build([3], key(1))
    const [parameters, state] = [leavesOf(model.parameters), leavesOf(model.state)]
    expect(parameters.map(({ path }) => path)).toEqual([
      'dense.kernel',
      'dense.bias',
      'batchNormalization.gamma',
      'batchNormalization.beta',
    ])
    const moving = ['movingMean', 'movingVariance']
    expect(state.map(({ path }) => path)).toEqual(
      moving.map((name) => `batchNormalization.${name}`),
    )
    const gamma = parameters[2]?.leaf
    if (!(gamma instanceof Parameter)) throw new Error('there is no gamma')
    const step = compile((input: Tensor) => {
      const loss = model.apply(input, { training: true }).sub(1).square().mean()
      gamma.assign(gamma.value.sub(gradients(loss, gamma).mul(0.1)))
      return loss
    })
    const losses: number[] = []
    for (let i = 0; i < 3; i++)
      losses.push(
        await step(
          tensor([
            [1, 2, 3],
            [3, 1, 2],
            [0, 1, 4],
          ]),
        ).item(),
      )
    expect(losses[2]).toBeLessThan(losses[0] ?? 0)
    const mean = state[0]?.leaf
    if (!(mean instanceof Parameter)) throw new Error('there is no moving mean')
    expect(await mean.value.square().sum().item()).toBeGreaterThan(0)
  })

  test('refuses what does not fit', () => {
    expect(() => batchNormalization({ momentum: 1.5 })).toThrow(ArgumentError)
    expect(() => batchNormalization({ epsilon: -1 })).toThrow(ArgumentError)
    expect(() => batchNormalization().build([], key(0))).toThrow(ShapeError)
    expect(() => batchNormalization().apply(x)).toThrow(LayerError)
    expect(() => built().build([2], key(0))).toThrow(/make another layer/)
    expect(() => built().apply(zeros([2, 3]))).toThrow(ShapeError)
  })

  test('gives its options back', () => {
    const options = { momentum: 0.9, center: false, name: 'norm' }
    expect(batchNormalization(options).config).toEqual({ type: 'batchNormalization', ...options })
  })
})
