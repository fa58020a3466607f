import { cpu } from '@tensorweft/backend-cpu'
import {
  gradients,
  key,
  type Layer,
  Parameter,
  realize,
  setBackend,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import { describeGoldenMismatch, type GoldenCase, loadGoldens } from '@tensorweft/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { batchNormalization, layerNormalization } from '../index.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const cases = (await loadGoldens('norm')).filter(({ op }) =>
  ['batchNorm', 'layerNorm'].includes(op),
)

function layerOf({ op, attributes, inputs }: GoldenCase): Layer {
  const given = (name: string) => () => {
    const input = inputs.find((candidate) => candidate.name === name)
    return tensor(input?.data ?? [], { shape: input?.shape ?? [], dtype: 'float32' })
  }
  const options = {
    epsilon: Number(attributes.epsilon),
    gammaInitializer: given('gamma'),
    betaInitializer: given('beta'),
  }
  if (op === 'layerNorm') {
    const axis = Array.isArray(attributes.axes) ? attributes.axes.map(Number) : []
    return layerNormalization({ ...options, axis })
  }
  return batchNormalization({
    ...options,
    momentum: Number(attributes.momentum),
    movingMeanInitializer: given('runningMean'),
    movingVarianceInitializer: given('runningVariance'),
  })
}

/** Values by the names of the case. */
async function compute(golden: GoldenCase): Promise<Map<string, Tensor>> {
  const layer = layerOf(golden)
  const [{ shape, data } = { shape: [], data: [] }] = golden.inputs
  const x = tensor(data, { shape, dtype: 'float32' })
  layer.build(shape.slice(1), key(0))
  const weights = Object.entries(layer.parameters).flatMap(([name, weight]) =>
    weight instanceof Parameter ? [[name, weight.value as Tensor] as const] : [],
  )
  const y = layer.apply(x, { training: golden.attributes.training === true })
  const [cotangent = []] = golden.cotangents
  const inputs = [...weights, ['x', x] as const].filter(([name]) => golden.gradients.has(name))
  const loss = y.mul(tensor(cotangent, { shape: y.shape })).sum()
  const slopes = gradients(
    loss,
    inputs.map(([, input]) => input),
  )
  const { movingMean, movingVariance } = layer.state
  const moving = [movingMean, movingVariance].flatMap((weight, i) =>
    weight instanceof Parameter && golden.attributes.training === true
      ? [[`output ${i + 1}`, weight.value as Tensor] as const]
      : [],
  )
  const values = new Map([
    ['output 0', y],
    ...moving,
    ...slopes.map((slope, i) => [inputs[i]?.[0] ?? '', slope] as const),
  ])
  await realize(...values.values())
  return values
}

describe('normalising layers agree with the reference values:', () => {
  test.each(cases.map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
    const got = await compute(golden)
    const outputs = golden.outputs.map(({ values }, i) => [`output ${i}`, values] as const)
    const wanted = new Map([...outputs, ...golden.gradients])
    expect([...got.keys()].sort()).toEqual([...wanted.keys()].sort())
    for (const [name, values] of wanted) {
      const output = { shape: [values.length], dtype: 'float32', values } as const
      const data = await got.get(name)?.data()
      expect(
        describeGoldenMismatch(data ?? new Float32Array(), output, golden),
        name,
      ).toBeUndefined()
    }
  })

  test('of both kinds', () => {
    expect(cases.length).toBeGreaterThan(12)
  })
})
