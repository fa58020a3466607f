import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  gradients,
  key,
  Parameter,
  randomNormal,
  relu,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
  zeros,
} from '@tensorweft/core'
import { conv2d, dense, flatten, layerNormalization, sequential } from '@tensorweft/layers'
import { beforeAll, describe, expect, test } from 'vitest'
import { gradientPenalty } from './gradient-penalty.ts'

beforeAll(() => setBackend(cpu()))

describe('gradientPenalty', () => {
  test('of a linear critic is that of its slope, and so is the gradient', async () => {
    const weight = new Parameter(tensor([3, 4]))
    const critic = (x: Tensor) => x.mul(weight.value).sum(1)
    const [real, fake] = [randomNormal(key(1), [5, 2]), randomNormal(key(2), [5, 2])]
    const { penalty, norm } = gradientPenalty(critic, real, fake, key(3))
    expect(await norm.item()).toBeCloseTo(5, 5)
    expect(await penalty.item()).toBeCloseTo(16, 4)
    // d/dw (‖w‖ − 1)² = 2 (‖w‖ − 1) w / ‖w‖
    const [slope = 0, other = 0] = await gradients(penalty, weight).data()
    expect(slope).toBeCloseTo(4.8, 4)
    expect(other).toBeCloseTo(6.4, 4)
  })

  test('is taken between the two, with one share per sample', async () => {
    // The critic is Σ x² / 2, whose slope is x itself: norms tell where it was asked.
    const critic = (x: Tensor) => x.square().sum().mul(0.5)
    const real = tensor([
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 1],
    ])
    const { norm, penalty } = gradientPenalty(critic, real, zeros([4, 2]), key(4))
    const share = (await norm.item()) / Math.SQRT2
    expect(share).toBeGreaterThan(0.05)
    expect(share).toBeLessThan(0.95)
    // Shares that differ between samples have a penalty above that of their mean.
    expect(await penalty.item()).toBeGreaterThan((share * Math.SQRT2 - 1) ** 2 + 1e-4)
  })

  test('has gradients by the parameters of convolutions and normalisations', async () => {
    const model = sequential(
      conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'tanh' }),
      layerNormalization(),
      flatten(),
      dense({ units: 1 }),
    )
    model.build([4, 4, 2], key(5))
    const [real, fake] = [randomNormal(key(6), [3, 4, 4, 2]), randomNormal(key(7), [3, 4, 4, 2])]
    const penaltyNow = () => gradientPenalty((x) => model.apply(x), real, fake, key(8)).penalty
    const kernel = Object(model.parameters.conv2d).kernel as Parameter
    const slopes = gradients(penaltyNow(), kernel)
    const direction = randomNormal(key(9), kernel.shape)
    const along = await slopes.mul(direction).sum().item()
    const start = kernel.value
    const at = async (step: number) => {
      kernel.assign(start.add(direction.mul(step)))
      return penaltyNow().item()
    }
    const h = 2e-3
    const difference = ((await at(h)) - (await at(-h))) / (2 * h)
    expect(Math.abs(along)).toBeGreaterThan(0.01)
    expect(Math.abs(difference - along)).toBeLessThan(0.02 * Math.abs(along))
  })

  test('refuses samples of two shapes', () => {
    const call = () => gradientPenalty((x) => x, zeros([4, 2]), zeros([3, 2]), key(1))
    expect(call).toThrow(ShapeError)
    expect(call).toThrow('real is [4, 2] and fake is [3, 2]; wanted the same shape')
    const empty = () => gradientPenalty((x) => x, zeros([0, 2]), zeros([0, 2]), key(1))
    expect(empty).toThrow('real is [0, 2] and fake is [0, 2]; wanted the same shape')
  })

  test('refuses what is no function or no tensor', () => {
    const [x, place] = [zeros([4, 2]), key(1)]
    expect(() => gradientPenalty(3 as never, x, x, place)).toThrow(ArgumentError)
    expect(() => gradientPenalty((y) => y, [[1]] as never, x, place)).toThrow(
      'gradientPenalty: real [[1]]; wanted a tensor',
    )
  })

  test('of samples in double precision is in double precision', async () => {
    const x = randomNormal(key(1), [3, 2]).cast('float64')
    const critic = (y: Tensor) => y.square().sum(1).mul(0.5)
    const { penalty, norm } = gradientPenalty(critic, x as never, x as never, key(2))
    expect([penalty.dtype, norm.dtype]).toEqual(['float64', 'float64'])
    // Between equal samples there is one place: the slope is x.
    const lengths = ((await x.array()) as number[][]).map(([a = 0, b = 0]) => Math.hypot(a, b))
    expect(await norm.item()).toBeCloseTo(lengths.reduce((sum, l) => sum + l) / 3, 12)
  })

  test('of a critic without slope is 1, and has no gradient', async () => {
    const weight = new Parameter(zeros([2]))
    const critic = (y: Tensor) => relu(y.mul(weight.value)).sum(1)
    const [real, fake] = [randomNormal(key(1), [5, 2]), randomNormal(key(2), [5, 2])]
    const { penalty, norm } = gradientPenalty(critic, real, fake, key(3))
    expect([await penalty.item(), await norm.item()]).toEqual([1, 0])
    expect(await gradients(penalty, weight).array()).toEqual([0, 0])
  })
})
