import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  DTypeError,
  key,
  Layer,
  LayerError,
  meanSquaredError,
  type Shape,
  ShapeError,
  setBackend,
  sparseSoftmaxCrossEntropy,
  type Tensor,
  type TensorData,
  tensor,
  zeros,
} from '@tensorweft/core'
import { adam, sgd } from '@tensorweft/optimizers'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  binaryAccuracy,
  dense,
  type FitOptions,
  sequential,
  type TrainingData,
  TrainingError,
  topKCategoricalAccuracy,
  trainer,
} from '../index.ts'
import { makeClassifier, makeModel, makePoints, stateOf } from './training.testing.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

type ErrorClass = new (...args: never[]) => Error

const points = makePoints(10)

/** What `fit` says, of a trainer that is as before afterwards and goes on as if nothing was. */
async function refusal(data: TrainingData, options: FitOptions, error: ErrorClass) {
  const [tried, other] = [makeClassifier(), makeClassifier()]
  await tried.fit(points)
  await other.fit(points)
  const before = await stateOf(tried)
  const thrown: unknown = await tried.fit(data, options).catch((caught: unknown) => caught)
  expect(thrown).toBeInstanceOf(error)
  expect(await stateOf(tried)).toEqual(before)
  await tried.fit(points)
  await other.fit(points)
  expect(await stateOf(tried)).toEqual(await stateOf(other))
  return thrown instanceof Error ? thrown.message : ''
}

describe('fit refuses, and changes nothing:', () => {
  const { x, y } = points
  const wrongData: readonly (readonly [string, () => TrainingData, ErrorClass, RegExp])[] = [
    ['other lengths', () => ({ x, y: y.slice(1) }), ShapeError, /x is \[10, 4\] and y is \[9\]/],
    [
      'weights of another length',
      () => ({ x, y, sampleWeight: [1, 2] }),
      ShapeError,
      /x is \[10, 4\] and y is \[10\] and sampleWeight is \[2\]/,
    ],
    [
      'no samples',
      () => ({ x: zeros([0, 4]), y: new Int32Array() }),
      ShapeError,
      /x is \[0, 4\].*at least one sample/,
    ],
    ['no batches', () => [], TrainingError, /no batches; wanted at least one/],
    ['ragged arrays', () => ({ x: [[1], [1, 2]], y }), ShapeError, /ragged/],
    ['a scalar', () => ({ x: 3, y: 4 }), ShapeError, /x is a scalar; wanted \[samples, …\]/],
    [
      'a shape that does not fit its data',
      () => ({ x: { data: new Float32Array(39), shape: [10, 4] }, y }),
      ShapeError,
      /x has 39 values and shape \[10, 4\]; wanted 40 values/,
    ],
    [
      'inputs that do not fit the model',
      () => ({ x: zeros([10, 5]), y }),
      ShapeError,
      /dense: x is \[10, 5\]/,
    ],
    ['inputs of another dtype', () => ({ x: zeros([10, 4], 'int32'), y }), DTypeError, /int32/],
    [
      'labels that do not fit the loss',
      () => ({ x, y: Array.from(y) }),
      DTypeError,
      /labels is float32; wanted int32/,
    ],
    ['what is no data', () => 3 as never, ArgumentError, /wanted { x, y }/],
    ['what has no labels', () => ({ x, z: y }) as never, ArgumentError, /wanted { x, y }/],
    ['what is no batch', () => [3 as never], ArgumentError, /a batch of type number/],
    [
      'what is no array',
      () => ({ x: [['a']] as never as TensorData, y: [0] }),
      ArgumentError,
      /string among the values/,
    ],
  ]
  test.each(wrongData)('%s', async (_, data, error, message) => {
    expect(await refusal(data(), {}, error)).toMatch(message)
  })

  const split = 0.5
  const wrongOptions: readonly (readonly [FitOptions, RegExp])[] = [
    [{ epochs: -1 }, /epochs -1; wanted an integer from 0/],
    [{ epochs: 1.5 }, /epochs 1.5/],
    [{ batchSize: 0 }, /batchSize 0; wanted a positive integer/],
    [{ stepsPerEpoch: 0 }, /stepsPerEpoch 0/],
    [{ stepsPerEpoch: 2 }, /stepsPerEpoch 2 for 10 samples in batches of 32; wanted at most 1/],
    [{ seed: -1 }, /seed -1/],
    [{ onNonFinite: 'never' as 'stop' }, /onNonFinite 'never'; wanted one of throw/],
    [{ validationSplit: 1 }, /validationSplit 1; wanted a share between 0 and 1/],
    [{ validationSplit: Number.NaN }, /validationSplit NaN/],
    [{ validationSplit: 0.95 }, /validationSplit 0.95 of 10 samples; wanted samples in both parts/],
    [{ validationSplit: split, validationData: points }, /both/],
    [{ validationData: 3 as never }, /fit: validationData: data of type number/],
    [{ classWeight: { [-1]: 2 } }, /classWeight 2 for class -1/],
    [{ classWeight: { 0: Number.NaN } }, /classWeight NaN for class 0/],
    [{ classWeight: { 0: -1 } }, /classWeight -1 for class 0/],
  ]
  test.each(wrongOptions)('%o', async (options, message) => {
    expect(await refusal(points, options, ArgumentError)).toMatch(message)
  })

  test.each<[string, FitOptions, ErrorClass, RegExp]>([
    [
      'shape',
      { validationData: { x: zeros([3, 5]), y: y.slice(7) } },
      ShapeError,
      /dense: x is \[3, 5\]/,
    ],
    ['dtype', { validationData: { x, y: Array.from(y) } }, DTypeError, /labels is float32/],
  ])('validation data of another %s', async (_, options, error, message) => {
    expect(await refusal(points, options, error)).toMatch(message)
  })

  test('a split of batches', async () => {
    const message = await refusal([points], { validationSplit: split }, ArgumentError)
    expect(message).toMatch(/validationSplit 0.5 for data that comes in batches/)
  })
})

describe('a loss', () => {
  const withLoss = (loss: (p: Tensor, labels: Tensor<'int32'>) => Tensor) =>
    trainer({ model: sequential(dense({ units: 3 })), loss, optimizer: sgd() })

  test('must be a scalar', async () => {
    const classifier = withLoss((logits, labels) =>
      sparseSoftmaxCrossEntropy(logits, labels, { reduction: 'none' }),
    )
    classifier.model.build([4], key(0))
    const before = await stateOf(classifier)
    const fit = classifier.fit(points)
    await expect(fit).rejects.toThrow(ShapeError)
    await expect(fit).rejects.toThrow('loss: a loss [10]; wanted a scalar')
    expect((await stateOf(classifier)).tensors).toEqual(before.tensors)
  })

  test.each([[undefined], [3], [Promise.resolve(tensor(1))]])('must not be %s', async (given) => {
    const classifier = withLoss(() => given as never)
    for (const data of [points, { ...points, sampleWeight: new Float32Array(10) }]) {
      const fit = classifier.fit(data)
      await expect(fit).rejects.toThrow(ArgumentError)
      await expect(fit).rejects.toThrow(/a loss .*; wanted a tensor that the function returns/)
    }
  })

  test('must be a loss per sample where samples have weights', async () => {
    const classifier = withLoss((logits) => logits.square().mean())
    const fit = classifier.fit({ ...points, sampleWeight: new Float32Array(10) })
    await expect(fit).rejects.toThrow(ArgumentError)
    await expect(fit).rejects.toThrow(
      /gives \[\] when asked for .*; wanted a loss per sample, \[10/,
    )
  })
})

describe('a batch in the middle that does not fit', () => {
  test('ends the training after the step before it', async () => {
    const classifier = makeClassifier()
    const fit = classifier.fit([makePoints(4), { x: zeros([4, 5]), y: [0, 1, 2, 0] }])
    await expect(fit).rejects.toThrow(ShapeError)
    expect([classifier.epoch, classifier.step]).toEqual([0, 1])
    const other = makeClassifier()
    await other.fit([makePoints(4)], { callbacks: [{ onBatchEnd: (event) => event.stop() }] })
    expect(await stateOf(classifier)).toEqual(await stateOf(other))
  })
})

describe('a metric', () => {
  const measured = (metric: () => Tensor) =>
    trainer({
      model: sequential(dense({ units: 3 })),
      loss: sparseSoftmaxCrossEntropy,
      optimizer: sgd(),
      metrics: { own: metric },
    }).fit(points)

  test.each([[undefined], [3], [() => tensor(1)]])('must not give %s', async (given) => {
    const fit = measured(() => given as never)
    await expect(fit).rejects.toThrow(ArgumentError)
    await expect(fit).rejects.toThrow(/metrics: own .*; wanted a tensor that the function returns/)
  })

  test.each([
    ['binaryAccuracy', binaryAccuracy],
    ['topKCategoricalAccuracy', topKCategoricalAccuracy],
  ])('is what %s makes', async (name, make) => {
    const fit = measured(make as never)
    await expect(fit).rejects.toThrow(ArgumentError)
    await expect(fit).rejects.toThrow(`metrics: { ${name}: ${name}() }`)
  })
})

describe('names of metrics', () => {
  test.each(['loss', 'valLoss', ''])('%j is taken', (name) => {
    const model = sequential()
    const metrics = { [name]: (p: Tensor) => p }
    const make = () => trainer({ model, loss: (p) => p.mean(), optimizer: sgd(), metrics })
    expect(make).toThrow(ArgumentError)
    expect(make).toThrow(`a metric with the name '${name}'`)
  })

  test('must not be those of the validation of another', () => {
    const metrics = { error: (p: Tensor) => p, valError: (p: Tensor) => p }
    const options = { model: sequential(), loss: (p: Tensor) => p.mean(), optimizer: sgd() }
    expect(() => trainer({ ...options, metrics })).toThrow("'valError'")
  })
})

describe('a model that was not built', () => {
  test('is built for the data, with the key', async () => {
    const [one, same, other] = [
      makeClassifier(),
      makeClassifier(),
      makeClassifier({ from: key(9) }),
    ]
    for (const each of [one, same, other]) await each.fit(points)
    expect(await stateOf(one)).toEqual(await stateOf(same))
    expect(await stateOf(one)).not.toEqual(await stateOf(other))
  })

  const untrained = () => ({ model: makeModel(), loss: meanSquaredError, optimizer: adam() })
  const fitting = { x: [[1, 2]], y: [[1, 2, 3]] }

  test.each<[string, TrainingData, FitOptions]>([
    ['labels', { x: [[1, 2, 3]], y: [[1, 2]] }, {}],
    ['validation data', { x: [[1, 2, 3]], y: [[1, 2, 3]] }, { validationData: fitting }],
  ])('stays so where the %s do not fit it', async (_, data, options) => {
    const [own, other] = [trainer(untrained()), trainer(untrained())]
    await expect(own.fit(data, options)).rejects.toThrow(ShapeError)
    expect(own.model.variables).toEqual({})
    await expect(own.save()).rejects.toThrow(TrainingError)
    await own.fit(fitting)
    await other.fit(fitting)
    expect(await stateOf(own)).toEqual(await stateOf(other))
  })

  test('is built although some of its layers have weights already', async () => {
    const shared = dense({ units: 4 })
    shared.build([4], key(1))
    const model = sequential(shared, dense({ units: 3 }))
    const before = await shared.apply(tensor([[1, 2, 3, 4]])).array()
    const classifier = trainer({
      model,
      loss: sparseSoftmaxCrossEntropy,
      optimizer: sgd({ learningRate: 0 }),
    })
    await classifier.fit(points)
    expect(await shared.apply(tensor([[1, 2, 3, 4]])).array()).toEqual(before)
  })

  test('is built although its layers refuse in words of their own', async () => {
    class Own extends Layer {
      factor: number | undefined
      override build(inputShape: Shape): Shape {
        this.factor = 2
        return inputShape
      }
      override call(x: Tensor): Tensor {
        if (this.factor === undefined) throw new Error('what?')
        return x.mul(this.factor)
      }
    }
    const shared = dense({ units: 3 })
    shared.build([4], key(1))
    const model = sequential(new Own(), shared)
    await trainer({ model, loss: sparseSoftmaxCrossEntropy, optimizer: sgd() }).fit(points)
  })

  test('cannot be evaluated or applied', async () => {
    const classifier = makeClassifier()
    await expect(classifier.evaluate(points)).rejects.toThrow(LayerError)
    await expect(classifier.predict([[1, 2, 3, 4]])).rejects.toThrow(LayerError)
  })
})
