import { cpu } from '@tensorweft/backend-cpu'
import {
  compile,
  gradients,
  key,
  type Layer,
  leavesOf,
  Parameter,
  setBackend,
  sparseSoftmaxCrossEntropy,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import { adam, sgd } from '@tensorweft/optimizers'
import {
  describeGoldenMismatch,
  type GoldenAttribute,
  type GoldenCase,
  type GoldenInput,
  loadGoldens,
} from '@tensorweft/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  activation,
  type Conv2DOptions,
  conv2d,
  dense,
  flatten,
  maxPooling2d,
  type Pooling2DOptions,
  type Sequential,
  sequential,
} from './index.ts'

const cases = await loadGoldens('training')

beforeAll(async () => {
  await setBackend(cpu())
})

type Fields = { readonly [name: string]: GoldenAttribute }

function fieldsOf(value: GoldenAttribute | undefined): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new Error('there are no attributes')
}

function inputOf({ inputs }: GoldenCase, name: string): GoldenInput {
  const input = inputs.find((candidate) => candidate.name === name)
  if (input === undefined) throw new Error(`there is no input ${name}`)
  return input
}

/** Layer n of a case, counted from 1, with its weights `wn` and `bn` as the first ones. */
function layerOf(golden: GoldenCase, { type, ...options }: Fields, n: number): Layer {
  const given = (name: string) => {
    const { data, shape } = inputOf(golden, `${name}${n}`)
    return { shape, initializer: () => tensor(data, { shape, dtype: 'float32' }) }
  }
  switch (type) {
    case 'relu':
      return activation('relu')
    case 'flatten':
      return flatten()
    case 'maxPool2d':
      return maxPooling2d(options as Pooling2DOptions)
  }
  const [kernel, bias] = [given('w'), given('b')]
  const weights = { kernelInitializer: kernel.initializer, biasInitializer: bias.initializer }
  const [units = 0] = bias.shape
  if (type === 'dense') return dense({ units, ...weights })
  const [height = 0, width = 0] = kernel.shape
  const convolution: object = {
    ...options,
    ...weights,
    filters: units,
    kernelSize: [height, width],
  }
  return conv2d(convolution as Conv2DOptions)
}

function modelOf(golden: GoldenCase): Sequential {
  const { layers } = golden.attributes
  if (!Array.isArray(layers)) throw new Error('there are no layers')
  const model = sequential(...layers.map((layer, i) => layerOf(golden, fieldsOf(layer), i + 1)))
  model.build(inputOf(golden, 'x').shape.slice(1), key(0))
  return model
}

/** The samples of step `t`, from 0. */
function batchOf(golden: GoldenCase, t: number): { x: Tensor; labels: Tensor<'int32'> } {
  const [x, labels, batches] = [
    inputOf(golden, 'x'),
    inputOf(golden, 'labels'),
    inputOf(golden, 'batches'),
  ]
  const [count = 0, ...sample] = x.shape
  const size = x.data.length / count
  const batchSize = batches.shape[1] ?? 0
  const chosen = [...batches.data.slice(t * batchSize, (t + 1) * batchSize)]
  const rows = chosen.flatMap((i) => [...x.data.slice(i * size, (i + 1) * size)])
  return {
    x: tensor(rows, { shape: [batchSize, ...sample] }),
    labels: tensor(
      chosen.map((i) => labels.data[i] ?? -1),
      { dtype: 'int32' },
    ),
  }
}

/** The outputs of a case: the loss before each update, and the weights in the end. */
async function train(golden: GoldenCase, isCompiled: boolean): Promise<Float32Array[]> {
  const { op, ...options } = fieldsOf(golden.attributes.optimizer)
  const [model, optimizer] = [modelOf(golden), op === 'sgd' ? sgd(options) : adam(options)]
  const update = (x: Tensor, labels: Tensor<'int32'>) => {
    const loss = sparseSoftmaxCrossEntropy(model.apply(x, { training: true }), labels)
    optimizer.update(model.parameters, gradients(loss, model.parameters))
    return loss
  }
  const step = isCompiled ? compile(update) : update
  const losses: number[] = []
  for (let t = 0; t < (inputOf(golden, 'batches').shape[0] ?? 0); t++) {
    const { x, labels } = batchOf(golden, t)
    losses.push(await step(x, labels).item())
  }
  const weights = leavesOf(model.parameters).flatMap(({ leaf }) =>
    leaf instanceof Parameter ? leaf.value.data() : [],
  )
  return [Float32Array.from(losses), ...(await Promise.all(weights))]
}

describe.each(cases.map((golden) => [golden.name, golden] as const))(
  'the reference training %s, step by step',
  (_, golden) => {
    test.each([
      ['one op after the other', false],
      ['compiled', true],
    ])('%s', async (_, isCompiled) => {
      const got = await train(golden, isCompiled)
      expect(got.length).toBe(golden.outputs.length)
      const problems = golden.outputs.map((wanted, i) =>
        describeGoldenMismatch(got[i] ?? new Float32Array(), wanted, golden),
      )
      expect(problems).toEqual(golden.outputs.map(() => undefined))
    })
  },
)
