import { cpu } from '@tensorweft/backend-cpu'
import {
  compile,
  type DType,
  gradients,
  leavesOf,
  Parameter,
  type ParameterTree,
  setBackend,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  cosineDecay,
  lion,
  nadam,
  type OptimizerBase,
  type OptimizerOptions,
  radam,
  rmsprop,
  sgd,
} from './index.ts'

type Make = (options: OptimizerOptions) => OptimizerBase<string>

const rules: readonly (readonly [string, Make])[] = [
  ['sgd', sgd],
  ['sgd with momentum', (options) => sgd({ momentum: 0.9, nesterov: true, ...options })],
  ['adam', adam],
  ['adam with amsgrad', (options) => adam({ amsgrad: true, ...options })],
  ['adamW', adamW],
  ['adagrad', adagrad],
  ['adadelta', (options) => adadelta({ epsilon: 1e-2, ...options })],
  ['rmsprop', rmsprop],
  ['centred rmsprop', (options) => rmsprop({ centered: true, momentum: 0.5, ...options })],
  ['adamax', adamax],
  ['nadam', nadam],
  ['radam', radam],
  ['lion', lion],
]

beforeAll(async () => {
  await setBackend(cpu())
})

/** A weight with a compiled step of its loss `Σ (w − target)²`, and the optimiser of it. */
function training(make: Make) {
  const weight = new Parameter(tensor([1, -2, 3]))
  const optimizer = make({
    learningRate: cosineDecay({ initialLearningRate: 0.1, decaySteps: 50 }),
  })
  const step = compile((target: Tensor) => {
    const loss = weight.value.sub(target).square().sum()
    optimizer.update({ weight }, gradients(loss, { weight }))
    return loss
  })
  const target = tensor([1.5, -1.5, 2.5])
  return { weight, optimizer, run: () => step(target) }
}

/** Copies values from one state into another of the same form. */
async function restore(from: ParameterTree, into: ParameterTree): Promise<string[]> {
  const saved = new Map(leavesOf(from).map(({ path, leaf }) => [path, leaf]))
  for (const { path, leaf } of leavesOf(into)) {
    const source = saved.get(path)
    if (!(leaf instanceof Parameter) || !(source instanceof Parameter)) throw new Error(path)
    const { shape, dtype } = leaf
    const data = [...(await source.value.data())]
    leaf.assign(tensor(data, { shape, dtype }))
  }
  return [...saved.keys()]
}

describe.each(rules)('%s', (_, make) => {
  test('brings a loss down', async () => {
    const { run } = training(make)
    const first = await run().item()
    for (let t = 0; t < 48; t++) run()
    expect(await run().item()).toBeLessThan(first * 0.8)
  })

  test('goes on from its saved state bit for bit', async () => {
    const [whole, before] = [training(make), training(make)]
    for (let t = 0; t < 7; t++) {
      whole.run()
      before.run()
    }
    const after = training(make)
    after.optimizer.build({ weight: after.weight })
    after.weight.assign(tensor([...(await before.weight.value.data())]))
    const paths = await restore(before.optimizer.state, after.optimizer.state)
    expect(leavesOf(after.optimizer.state).map(({ path }) => path)).toEqual(paths)
    for (let t = 0; t < 7; t++) {
      whole.run()
      after.run()
    }
    expect(await after.weight.value.array()).toEqual(await whole.weight.value.array())
  })

  test('works in float64, near its steps in float32', async () => {
    const values = [1, -2, 3]
    const weights: readonly Parameter<DType>[] = [
      new Parameter(tensor(values)),
      new Parameter<'float64'>(tensor(values, { dtype: 'float64' })),
    ]
    const got = weights.map(async (weight) => {
      const optimizer = make({ learningRate: 0.01 })
      for (let t = 1; t <= 10; t++) {
        const slope = tensor([Math.sin(t), Math.cos(t), 1 / t], { dtype: weight.dtype })
        optimizer.update([weight], [slope])
      }
      return [...(await weight.value.data())]
    })
    const [single = [], double = []] = await Promise.all(got)
    expect(double.length).toBe(3)
    double.forEach((value, i) => {
      expect(Math.abs(value - (single[i] ?? Number.NaN))).toBeLessThan(2e-5)
    })
  })

  test('keeps values finite where there are no gradients yet', async () => {
    const weight = new Parameter(tensor([1, 2]))
    const optimizer = make({ learningRate: 0.1, globalClipNorm: 1, weightDecay: 0 })
    for (let t = 0; t < 3; t++) optimizer.update([weight], [tensor([0, 0])])
    expect(await weight.value.array()).toEqual([1, 2])
  })
})
