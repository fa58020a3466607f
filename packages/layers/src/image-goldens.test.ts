import { cpu } from '@tensorweft/backend-cpu'
import {
  gradients,
  key,
  type Layer,
  Parameter,
  realize,
  setBackend,
  tensor,
} from '@tensorweft/core'
import { describeGoldenMismatch, type GoldenCase, loadGoldens } from '@tensorweft/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  averagePooling2d,
  type Conv2DOptions,
  type Conv2DTransposeOptions,
  conv2d,
  conv2dTranspose,
  globalAveragePooling2d,
  maxPooling2d,
  type Pooling2DOptions,
} from './index.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

/** Options of the cases have core's names, and the values that a layer takes. */
function layerOf({ op, attributes, ...golden }: GoldenCase): Layer {
  const {
    dilations: dilationRate,
    countIncludePad,
    ...options
  }: Record<string, unknown> = attributes
  if (op === 'maxPool2d') return maxPooling2d(options as Pooling2DOptions)
  if (op === 'avgPool2d') return averagePooling2d(options as Pooling2DOptions)
  if (op === 'globalAvgPool2d') return globalAveragePooling2d()
  const [, filters] = golden.inputs
  const isTransposed = op === 'convTranspose2d'
  const [height, width, transposedCount, plainCount] = filters?.shape ?? []
  const convolution: object = {
    ...options,
    dilationRate,
    filters: isTransposed ? transposedCount : plainCount,
    kernelSize: [height, width],
    kernelInitializer: () => tensor(filters?.data ?? [], { shape: filters?.shape ?? [] }),
  }
  return isTransposed
    ? conv2dTranspose(convolution as Conv2DTransposeOptions)
    : conv2d(convolution as Conv2DOptions)
}

const ops = ['conv2d', 'convTranspose2d', 'maxPool2d', 'avgPool2d', 'globalAvgPool2d']
// Keras' average never counts the padding, and its transposed convolution has no groups.
const cases = (await loadGoldens('conv')).filter(
  ({ op, attributes }) =>
    ops.includes(op) &&
    attributes.countIncludePad !== true &&
    !(op === 'convTranspose2d' && attributes.groups !== 1),
)

/** Values by the names of the case: the output y, and the gradients where it has any. */
async function compute(golden: GoldenCase): Promise<Record<string, Float32Array>> {
  const layer = layerOf(golden)
  const [{ shape, data } = { shape: [], data: [] }] = golden.inputs
  const x = tensor(data, { shape, dtype: 'float32' })
  expect([shape[0], ...layer.build(shape.slice(1), key(0))]).toEqual(golden.outputs[0]?.shape)
  const y = layer.apply(x)
  const [weights] = golden.cotangents
  if (weights === undefined) return { y: await y.data() }
  const { kernel } = layer.parameters
  const inputs = kernel instanceof Parameter ? [x, kernel.value] : [x]
  const slopes = gradients(y.mul(tensor(weights, { shape: y.shape })).sum(), inputs)
  await realize(y, ...slopes)
  const values = await Promise.all([y, ...slopes].map((tensor) => tensor.data()))
  return Object.fromEntries(values.map((value, i) => [['y', 'x', 'filters'][i], value]))
}

describe('layers of images agree with the reference values:', () => {
  test.each(cases.map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
    const got = await compute(golden)
    const wanted = new Map([['y', golden.outputs[0]?.values], ...golden.gradients])
    expect(Object.keys(got).sort()).toEqual([...wanted.keys()].sort())
    for (const [name, values = new Float64Array()] of wanted) {
      const output = { shape: [values.length], dtype: 'float32', values } as const
      const problem = describeGoldenMismatch(got[name] ?? new Float32Array(), output, golden)
      expect(problem, name).toBeUndefined()
    }
  })

  test('of every kind', () => {
    expect([...new Set(cases.map(({ op }) => op))].sort()).toEqual([...ops].sort())
    expect(cases.length).toBeGreaterThan(25)
  })
})
