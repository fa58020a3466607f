import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  type CallContext,
  type Key,
  key,
  Layer,
  LayerError,
  leavesOf,
  Parameter,
  type Shape,
  setBackend,
  type Tensor,
  tensor,
  zeros,
} from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { activation, batchNormalization, dense, dropout, flatten, sequential } from './index.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const namesOf = (tree: unknown) => leavesOf(tree).map(({ path }) => path)

/** A layer of a user, which states no type; it counts its calls in state. */
class Counter extends Layer {
  readonly calls = new Parameter(zeros([]), { trainable: false })
  readonly contexts: CallContext[] = []
  override build(inputShape: Shape, _key: Key): Shape {
    return inputShape
  }
  override call(x: Tensor, context: CallContext): Tensor {
    this.contexts.push(context)
    return x
  }
  override get state() {
    return { calls: this.calls }
  }
}

describe('a sequential model', () => {
  test('applies its layers in order', async () => {
    const model = sequential(
      flatten(),
      dense({ units: 2, kernelInitializer: 'ones' }),
      activation((x) => x.neg()),
    )
    expect(model.build([2, 2, 1], key(0))).toEqual([2])
    const x = tensor([1, 2, 3, 4, 5, 6, 7, 8], {}).reshape([2, 2, 2, 1])
    expect(await model.apply(x).array()).toEqual([
      [-10, -10],
      [-26, -26],
    ])
  })

  test('names its layers by type and number, or as they are told', () => {
    const model = sequential(
      dense({ units: 3 }),
      dense({ units: 3, name: 'hidden' }),
      activation('relu'),
      sequential(dense({ units: 3 }), dense({ units: 2, useBias: false })),
      dense({ units: 1, name: 'dense_1' }),
      dense({ units: 1 }),
    )
    model.build([4], key(0))
    expect(model.names).toEqual([
      'dense',
      'hidden',
      'activation',
      'sequential',
      'dense_1',
      'dense_2',
    ])
    expect(namesOf(model.parameters)).toEqual([
      'dense.kernel',
      'dense.bias',
      'hidden.kernel',
      'hidden.bias',
      'sequential.dense.kernel',
      'sequential.dense.bias',
      'sequential.dense_1.kernel',
      'dense_1.kernel',
      'dense_1.bias',
      'dense_2.kernel',
      'dense_2.bias',
    ])
  })

  test('gives each layer a key of its own', async () => {
    const layers = [dense({ units: 3 }), dense({ units: 3 })]
    sequential(...layers).build([3], key(5))
    const [first, second] = layers.map(({ parameters }) => parameters.kernel)
    if (!(first instanceof Parameter && second instanceof Parameter)) throw new Error('no weights')
    expect(await first.value.array()).not.toEqual(await second.value.array())
  })

  test('passes on whether it trains, with a key per layer', async () => {
    const [one, two] = [new Counter(), new Counter()]
    const model = sequential(one, two)
    model.apply(zeros([1, 2]), { training: true, key: key(3) })
    expect([...one.contexts, ...two.contexts].map(({ training }) => training)).toEqual([true, true])
    const keys = [one, two].map(({ contexts }) => contexts[0]?.key)
    expect(await keys[0]?.array()).not.toEqual(await keys[1]?.array())
    model.apply(zeros([1, 2]))
    expect(one.contexts[1]).toEqual({})
  })

  test('tells parameters from state', () => {
    const model = sequential(new Counter(), dense({ units: 1 }), new Counter())
    model.build([2], key(0))
    expect(namesOf(model.parameters)).toEqual(['dense.kernel', 'dense.bias'])
    expect(namesOf(model.state)).toEqual(['layer.calls', 'layer_1.calls'])
    expect(namesOf(model.variables).sort()).toEqual(
      [...namesOf(model.parameters), ...namesOf(model.state)].sort(),
    )
  })

  test('describes itself', () => {
    const model = sequential(flatten(), dense({ units: 256, activation: 'relu' }), new Counter())
    expect(() => model.summary()).toThrow(LayerError)
    model.build([28, 28, 1], key(0))
    expect(model.summary().split('\n')).toEqual([
      'Layer    Type     Output shape  Weights',
      'flatten  flatten  [batch, 784]        0',
      'dense    dense    [batch, 256]  200,960',
      'layer    layer    [batch, 256]        1',
      'Weights: 200,961, of which 200,960 are trained',
    ])
    expect(model.config).toMatchObject({
      type: 'sequential',
      layers: [{ type: 'flatten' }, { type: 'dense', units: 256, activation: 'relu' }, {}],
    })
  })

  test('counts the weights of a layer that it has twice once', () => {
    const shared = dense({ units: 2, useBias: false })
    const model = sequential(shared, shared)
    model.build([2], key(0))
    expect(model.summary().split('\n')).toEqual([
      'Layer    Type   Output shape  Weights',
      'dense    dense  [batch, 2]          4',
      'dense_1  dense  [batch, 2]          4',
      'Weights: 4, of which 4 are trained',
    ])
  })

  test('may be called without a context', async () => {
    const layers = [dropout({ rate: 0.5 }), batchNormalization(), new Counter()]
    const model = sequential(...layers)
    model.build([2], key(0))
    const x = tensor([[1, 2]])
    expect(await model.call(x).array()).toEqual(await model.apply(x).array())
    for (const layer of layers.slice(0, 2))
      expect(layer.call(x, undefined as never).shape).toEqual([1, 2])
  })

  test('without layers changes nothing', async () => {
    const model = sequential()
    expect(model.build([3], key(0))).toEqual([3])
    expect(await model.apply(tensor([[1, 2, 3]])).array()).toEqual([[1, 2, 3]])
    expect(model.summary()).toContain('Weights: 0')
  })

  test('refuses names that do not tell layers apart', () => {
    const named = (name: string) => dense({ units: 1, name })
    expect(() => sequential(named('a'), named('a'))).toThrow(ArgumentError)
    expect(() => sequential(named('a'), named('a'))).toThrow("two layers with the name 'a'")
    expect(() => sequential(named('a.b'))).toThrow(/without dots/)
    expect(() => sequential(named(''))).toThrow(ArgumentError)
  })
})

describe('layers without weights', () => {
  test('flatten makes a row of each sample', async () => {
    expect(flatten().build([2, 3], key(0))).toEqual([6])
    expect(flatten().apply(zeros([4, 2, 3])).shape).toEqual([4, 6])
    expect(flatten().apply(zeros([0, 2, 3])).shape).toEqual([0, 6])
    expect(flatten().apply(zeros([4])).shape).toEqual([4, 1])
  })

  test.each([
    ['linear', [[-1, 0, 2]]],
    ['relu', [[0, 0, 2]]],
    ['sigmoid', [[0.26894143, 0.5, 0.88079709]]],
    ['tanh', [[-0.76159418, 0, 0.96402758]]],
    ['softmax', [[0.04201007, 0.1141952, 0.84379476]]],
  ] as const)('activation %s', async (name, wanted) => {
    const layer = activation(name)
    expect(layer.build([3], key(0))).toEqual([3])
    const [row] = wanted
    const got = await layer.apply(tensor([[-1, 0, 2]])).data()
    row.forEach((value, i) => {
      expect(got[i]).toBeCloseTo(value, 6)
    })
  })
})
