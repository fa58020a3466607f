import {
  compile,
  gradients,
  type Parameter,
  setBackend,
  sparseSoftmaxCrossEntropy,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import {
  applyGoldenLayers,
  describeGoldenMismatch,
  type GoldenCase,
  loadGoldens,
} from '@tensorweft/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { backends } from './backends.testing.ts'
import { inputOf, makeOptimizer, parameterFrom, partOf } from './goldens.testing.ts'

const cases = await loadGoldens('training')

/** The training step of a case, compiled. */
function makeStep({ attributes }: GoldenCase, weights: Readonly<Record<string, Parameter>>) {
  const { layers, optimizer: description } = attributes
  if (typeof description !== 'object' || description === null || !('op' in description)) {
    throw new Error('there is no optimiser')
  }
  const optimizer = makeOptimizer(description)
  return compile((x: Tensor, labels: Tensor<'int32'>) => {
    const values = Object.entries(weights).map(([name, { value }]) => [name, value] as const)
    const loss = sparseSoftmaxCrossEntropy(applyGoldenLayers(layers, new Map(values), x), labels)
    optimizer.update(weights, gradients(loss, weights))
    return loss
  })
}

/** Trains on the batches of a case and returns its outputs: losses before each update, weights. */
async function train(golden: GoldenCase): Promise<Float32Array[]> {
  const [x, labels, batches] = [
    inputOf(golden, 'x'),
    inputOf(golden, 'labels'),
    inputOf(golden, 'batches'),
  ]
  const weights = Object.fromEntries(
    golden.inputs
      .filter(({ name }) => /^[wb]\d$/.test(name))
      .map((input) => [input.name, parameterFrom(input)]),
  )
  const step = makeStep(golden, weights)
  const losses: number[] = []
  for (let t = 0; t < (batches.shape[0] ?? 0); t++) {
    const chosen = [...partOf(batches, t).data]
    const images = chosen.flatMap((i) => [...partOf(x, i).data])
    const loss = step(
      tensor(images, { shape: [chosen.length, ...x.shape.slice(1)] }),
      tensor(
        chosen.map((i) => labels.data[i] ?? 0),
        { dtype: 'int32' },
      ),
    )
    losses.push(await loss.item())
  }
  const final = await Promise.all(Object.values(weights).map((weight) => weight.value.data()))
  return [Float32Array.from(losses), ...final]
}

describe.each(backends)('the reference trainings on %s', (_, backend) => {
  beforeAll(async () => {
    await setBackend(await backend())
  })

  test.each(cases.map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
    const got = await train(golden)
    const mismatches = golden.outputs.flatMap(
      (wanted, i) => describeGoldenMismatch(got[i] ?? new Float32Array(), wanted, golden) ?? [],
    )
    expect(got.length).toBe(golden.outputs.length)
    expect(mismatches).toEqual([])
  })
})
