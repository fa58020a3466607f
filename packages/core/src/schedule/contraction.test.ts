import { describe, expect, test } from 'vitest'
import { conv1d, conv2d, gradients, matmul, mul, sum, type Tensor, transpose } from '../index.ts'
import { type ContractKernel, type Kernel, programsOf } from '../ir/kernel.ts'
import type { IndexData } from '../ir/program.ts'
import { planOf, valuesBothWays, wave } from './plans.testing.ts'

function contractionsOf(build: () => readonly Tensor[]): ContractKernel[] {
  return planOf(build).kernels.filter((kernel) => kernel.kind === 'contract')
}

/** The extents of batch, m, n and k. */
function extentsOf({ axes, batch, m, n, k }: ContractKernel): Record<string, number> {
  const size = (group: readonly number[]) =>
    group.reduce((product, axis) => product * (axes[axis] ?? Number.NaN), 1)
  return { batch: size(batch), m: size(m), n: size(n), k: size(k) }
}

function onlyContraction(build: () => readonly Tensor[]): ContractKernel {
  const { kernels } = planOf(build)
  const [kernel, another] = kernels
  if (kernel?.kind !== 'contract' || another !== undefined) {
    throw new Error(`kernels: ${kernels.map(({ kind, label }) => `${kind} ${label}`).join(', ')}`)
  }
  return kernel
}

function indicesOf(kernel: Kernel): IndexData[] {
  const steps = programsOf(kernel).flat()
  return steps.flatMap((step) => {
    if (step.op === 'load') return [step.index, ...step.within.map(({ index }) => index)]
    return step.op === 'index' ? [step.index] : []
  })
}

const isAffine = (kernel: Kernel) => indicesOf(kernel).every(({ digits }) => digits.length === 0)

async function expectSameValues(build: () => readonly Tensor[]) {
  const { together, oneByOne } = await valuesBothWays(build)
  together.flat().forEach((value, i) => {
    const expected = oneByOne.flat()[i] ?? Number.NaN
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(expected)))
  })
}

describe('a matrix product is one contraction', () => {
  const [a, b] = [wave([5, 7]), wave([7, 3], 2)]
  const [at, bt] = [wave([7, 5]), wave([3, 7], 2)]

  test.each<[string, () => Tensor]>([
    ['a · b', () => matmul(a, b)],
    ['aᵀ · b', () => matmul(transpose(at), b)],
    ['a · bᵀ', () => matmul(a, transpose(bt))],
    ['aᵀ · bᵀ', () => matmul(transpose(at), transpose(bt))],
    ['a product and a sum', () => sum(mul(a.expandDims(2), b.expandDims(0)), 1)],
    ['the same with a view', () => sum(mul(a.reshape([5, 7, 1]), b.reshape([1, 7, 3])), [1])],
  ])('%s', async (_, build) => {
    const kernel = onlyContraction(() => [build()])
    expect(extentsOf(kernel)).toEqual({ batch: 1, m: 5, n: 3, k: 7 })
    expect(isAffine(kernel)).toBe(true)
    await expectSameValues(() => [build()])
  })

  test('transposed: the rows of the result are m', () => {
    expect(extentsOf(onlyContraction(() => [transpose(matmul(a, b))]))).toMatchObject({
      m: 3,
      n: 5,
    })
  })

  test('with producers and consumers: they are packed and stored with it', async () => {
    const build = () => [
      matmul(a.relu().mul(2), b.neg())
        .add(wave([3]))
        .tanh(),
    ]
    const kernel = onlyContraction(build)
    expect(kernel.left.program.length).toBeGreaterThan(1)
    expect(kernel.epilogue.length).toBeGreaterThan(2)
    await expectSameValues(build)
  })

  test('and both its gradients', () => {
    const build = () => [...gradients(matmul(a, b).square().sum(), [a, b])]
    expect(contractionsOf(build).map(extentsOf)).toEqual([
      { batch: 1, m: 5, n: 3, k: 7 },
      { batch: 1, m: 5, n: 7, k: 3 },
      { batch: 1, m: 7, n: 3, k: 5 },
    ])
  })
})

describe('batches', () => {
  test('of both sides are the batch', async () => {
    const [a, b] = [wave([4, 5, 7]), wave([4, 7, 3], 2)]
    const kernel = onlyContraction(() => [matmul(a, b)])
    expect(extentsOf(kernel)).toEqual({ batch: 4, m: 5, n: 3, k: 7 })
    await expectSameValues(() => [matmul(a, b)])
  })

  test('of one side are rows of it', async () => {
    const [a, b] = [wave([4, 5, 7]), wave([7, 3], 2)]
    expect(extentsOf(onlyContraction(() => [matmul(a, b)]))).toEqual({
      batch: 1,
      m: 20,
      n: 3,
      k: 7,
    })
    const [c, d] = [wave([5, 7]), wave([4, 7, 3], 2)]
    await expectSameValues(() => [matmul(a, b), matmul(c, d)])
  })

  test('of attention heads are read in place', async () => {
    const heads = (x: Tensor) => transpose(x.reshape([2, 6, 4, 8]), [0, 2, 1, 3])
    const [q, k] = [wave([2, 6, 32]), wave([2, 6, 32], 2)]
    const scores = () => [matmul(heads(q), transpose(heads(k), [0, 1, 3, 2])).mul(0.35)]
    const kernel = onlyContraction(scores)
    expect(extentsOf(kernel)).toEqual({ batch: 8, m: 6, n: 6, k: 8 })
    expect(isAffine(kernel)).toBe(true)
    await expectSameValues(scores)
  })
})

describe('a convolution is one contraction', () => {
  const images = wave([2, 9, 8, 4])

  test.each([
    ['plain', { filters: [3, 3, 4, 6], options: {} }],
    ['padded', { filters: [3, 3, 4, 6], options: { padding: 'same' } }],
    ['strided', { filters: [3, 3, 4, 6], options: { padding: 'same', strides: 2 } }],
    ['dilated', { filters: [3, 2, 4, 6], options: { padding: 'same', dilations: 2 } }],
    ['strided and dilated', { filters: [3, 3, 4, 6], options: { strides: 2, dilations: 3 } }],
    ['pointwise', { filters: [1, 1, 4, 6], options: {} }],
    ['grouped', { filters: [3, 3, 2, 6], options: { groups: 2, padding: 'same' } }],
  ] as const)('forward, by input and by filter: %s', async (_, { filters, options }) => {
    const f = wave(filters, 2)
    const forward = () => conv2d(images, f, options)
    const kernel = onlyContraction(() => [forward()])
    const [height = 0, width = 0, inChannels = 0, outChannels = 0] = filters
    const groups = 4 / inChannels
    const positions = forward().size / outChannels
    expect(extentsOf(kernel)).toEqual({
      batch: groups,
      m: positions,
      n: outChannels / groups,
      k: height * width * inChannels,
    })
    expect(isAffine(kernel)).toBe(true)
    const grads = () => gradients(forward().mul(wave(forward().shape, 3)).sum(), [images, f])
    expect(contractionsOf(grads).length).toBeGreaterThanOrEqual(2)
    await expectSameValues(() => [forward(), ...grads()])
  })

  test('in one dimension', async () => {
    const build = () => [conv1d(wave([2, 12, 3]), wave([4, 3, 5], 2), { strides: 3 })]
    expect(extentsOf(onlyContraction(build))).toEqual({ batch: 1, m: 6, n: 5, k: 12 })
    await expectSameValues(build)
  })

  test('with bias and ReLU, its mask and both gradients: three contractions', () => {
    const [f, bias] = [wave([3, 3, 4, 6], 2), wave([6], 3)]
    const step = () => {
      const y = conv2d(images, f, { padding: 'same' }).add(bias).relu()
      return [y, ...gradients(y.square().sum(), [images, f, bias])]
    }
    expect(contractionsOf(step)).toHaveLength(3)
  })
})

describe('no contraction', () => {
  const x = wave([6, 5])

  test.each<[string, () => Tensor]>([
    ['a sum of squares', () => x.square().sum(1)],
    ['a sum of one factor', () => sum(x, 1)],
    ['a product of maxima', () => mul(x.max(1), x.max(1))],
    [
      'integers',
      () =>
        sum(mul(x.cast('int32').expandDims(2), x.cast('int32').expandDims(1)), 0).cast('float32'),
    ],
    ['a maximum of products', () => mul(x.expandDims(2), x.expandDims(1)).max(0)],
  ])('is %s', (_, build) => {
    expect(contractionsOf(() => [build()])).toEqual([])
  })

  test('is a factor that mixes both sides, and its values are right', async () => {
    const [a, b, mixed] = [wave([5, 7]), wave([7, 3], 2), wave([5, 7, 3], 3)]
    const build = () => [sum(mul(mul(a.expandDims(2), b.expandDims(0)), mixed), 1)]
    expect(contractionsOf(build)).toEqual([])
    await expectSameValues(build)
  })
})
