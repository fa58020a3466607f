import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  key,
  ShapeError,
  setBackend,
  sparseSoftmaxCrossEntropy,
  type Tensor,
  tensor,
  zeros,
} from '@tensorweft/core'
import { sgd } from '@tensorweft/optimizers'
import { beforeAll, describe, expect, test } from 'vitest'
import { accuracy, dense, sequential, TrainingError, trainer } from '../index.ts'
import { makeClassifier, makeModel, makePoints, stateOf } from './training.testing.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const points = makePoints(50)

function makeBuilt() {
  const classifier = makeClassifier()
  classifier.model.build([4], key(2))
  return classifier
}

describe('evaluate', () => {
  test('gives the means over all samples, whatever the batches, and changes nothing', async () => {
    const classifier = makeBuilt()
    const before = await stateOf(classifier)
    const logits = classifier.model.apply(tensor(points.x.data, { shape: [50, 4] }))
    const labels = tensor(points.y, { dtype: 'int32' })
    const loss = await sparseSoftmaxCrossEntropy(logits, labels).item()
    const correct = await accuracy(logits, labels).item()
    for (const batchSize of [50, 7, 1000]) {
      const measured = await classifier.evaluate(points, { batchSize })
      expect(Object.keys(measured)).toEqual(['loss', 'accuracy'])
      expect(measured.loss).toBeCloseTo(loss, 6)
      expect(measured.accuracy).toBeCloseTo(correct, 6)
    }
    expect(await stateOf(classifier)).toEqual(before)
  })

  test('takes batches, so many of those that never end', async () => {
    const classifier = makeBuilt()
    const endless = function* () {
      for (;;) yield points
    }
    const wanted = await classifier.evaluate(points)
    const measured = await classifier.evaluate(endless, { steps: 3 })
    expect(measured.loss).toBeCloseTo(wanted.loss, 6)
    await expect(classifier.evaluate([])).rejects.toThrow(TrainingError)
    await expect(classifier.evaluate(points, { batchSize: -1 })).rejects.toThrow(ArgumentError)
    await expect(classifier.evaluate(points, { steps: 0 })).rejects.toThrow(ArgumentError)
  })

  test('several at once do not disturb each other, nor a training', async () => {
    const [classifier, other] = [makeBuilt(), makeBuilt()]
    const wanted = await other.evaluate(points)
    const [one, two] = await Promise.all([
      classifier.evaluate(points, { batchSize: 3 }),
      classifier.evaluate(points),
    ])
    expect(two).toEqual(wanted)
    expect(one.loss).toBeCloseTo(wanted.loss, 6)
    const losses: number[] = []
    await classifier.fit(points, {
      callbacks: [
        {
          onBatchEnd: async () => {
            losses.push((await classifier.evaluate(points)).loss)
          },
        },
      ],
    })
    await other.fit(points)
    expect(await stateOf(classifier)).toEqual(await stateOf(other))
    expect(losses).toHaveLength(2)
    expect(losses[0]).not.toBe(losses[1])
  })

  test('takes metrics per sample, per element, of bools, or as a mean', async () => {
    const measured = await trainer({
      model: sequential(dense({ units: 2, kernelInitializer: 'ones' })),
      loss: (predictions: Tensor) => predictions.mean(),
      optimizer: sgd(),
      metrics: {
        first: (predictions: Tensor) => predictions.slice([0, 0], [predictions.shape[0] ?? 0, 1]),
        element: (predictions: Tensor, labels: Tensor) => predictions.sub(labels).abs(),
        isLarge: (predictions: Tensor) => predictions.greater(2),
        mean: (predictions: Tensor) => predictions.mean(),
      },
    }).fit({ x: [[1], [2], [3]], y: [[0], [0], [1]] }, { batchSize: 2, shuffle: false })
    const { history } = measured
    // The first step adds to bias and kernel, so only the metrics of one forward pass are known.
    expect(history.mean[0]).toBeCloseTo(history.first[0] ?? 0, 6)
    expect(history.element[0]).toBeCloseTo((history.mean[0] ?? 0) - 1 / 3, 6)
    expect(history.isLarge[0]).toBeCloseTo(1 / 3, 6)
    expect(history.loss[0]).toBeCloseTo(history.mean[0] ?? 0, 6)
  })
})

describe('predict', () => {
  const { x } = points
  const inputs = tensor(x.data, { shape: [50, 4] })

  test('gives the outputs for inputs of every form, in batches or not', async () => {
    const classifier = makeBuilt()
    const wanted = await classifier.model.apply(inputs).array()
    const rows = (begin: number, end: number) => ({
      data: x.data.slice(4 * begin, 4 * end),
      shape: [end - begin, 4],
    })
    async function* parts() {
      yield rows(0, 20)
      yield tensor(rows(20, 50).data, { shape: [30, 4] })
    }
    for (const given of [inputs, x, (await inputs.array()) as number[][]]) {
      for (const batchSize of [50, 64, 7]) {
        const outputs = await classifier.predict(given, { batchSize })
        expect(outputs.shape).toEqual([50, 3])
        expect(await outputs.array()).toEqual(wanted)
      }
    }
    expect(await (await classifier.predict(parts())).array()).toEqual(wanted)
    expect(await inputs.array()).toHaveLength(50)
  })

  test('applies layers as in use, with the weights of now', async () => {
    const classifier = makeClassifier()
    await classifier.fit(points)
    const before = await (await classifier.predict(x)).array()
    expect(await (await classifier.predict(x)).array()).toEqual(before)
    await classifier.fit(points)
    expect(await (await classifier.predict(x)).array()).not.toEqual(before)
  })

  test('refuses no inputs, and those that do not fit', async () => {
    const classifier = makeBuilt()
    await expect(classifier.predict(zeros([0, 4]))).rejects.toThrow(ShapeError)
    await expect(classifier.predict([])).rejects.toThrow(ShapeError)
    await expect(classifier.predict(new Set([]))).rejects.toThrow('no inputs')
    await expect(classifier.predict(tensor(3))).rejects.toThrow('a scalar')
    await expect(classifier.predict([[1, 2]])).rejects.toThrow('dense: x is [1, 2]')
    await expect(classifier.predict(x, { batchSize: 0.5 })).rejects.toThrow(ArgumentError)
  })
})

describe('one sample that is no batch', () => {
  const oneSample =
    /predict: .*; wanted \[samples, …\].\n {2}Hint: a single sample is an array of one/
  const makeBuiltFor3 = (units: number) =>
    trainer({
      model: sequential(dense({ units })),
      loss: (predictions: Tensor) => predictions.mean(),
      optimizer: sgd(),
    })

  test('is refused where the model is known to take such samples', async () => {
    const trained = makeBuiltFor3(3)
    await trained.fit({ x: [[1, 2, 3]], y: [0] })
    for (const x of [[1, 2, 3], new Float32Array(3), tensor([1, 2, 3]), [1, 2, 3, 4]]) {
      const predicted = trained.predict(x)
      await expect(predicted).rejects.toThrow(ShapeError)
      await expect(predicted).rejects.toThrow(oneSample)
    }
    await expect(trained.predict([4, 5, 6], { batchSize: 2 })).rejects.toThrow(oneSample)
    const loaded = makeBuiltFor3(3)
    loaded.load(await trained.save())
    await expect(loaded.predict([1, 2, 3])).rejects.toThrow(oneSample)
    expect((await loaded.predict([[1, 2, 3]])).shape).toEqual([1, 3])
  })

  test('is refused where there are not as many outputs as inputs', async () => {
    const built = makeBuiltFor3(2)
    built.model.build([3], key(0))
    await expect(built.predict([1, 2, 3])).rejects.toThrow(oneSample)
    await expect(built.predict([1, 2, 3])).rejects.toThrow('inputs [3] and outputs [2]')
    await expect(built.predict([[1, 2, 3]][Symbol.iterator]())).rejects.toThrow(oneSample)
    expect((await built.predict([[1, 2, 3]])).shape).toEqual([1, 2])
  })
})

test('a trainer for a model that was built elsewhere keeps its weights', async () => {
  const model = makeModel()
  model.build([4], key(7))
  const before = await model.apply(tensor([[1, 2, 3, 4]])).array()
  const frozen = trainer({
    model,
    loss: sparseSoftmaxCrossEntropy,
    optimizer: sgd({ learningRate: 0 }),
  })
  await frozen.fit(points)
  expect(await model.apply(tensor([[1, 2, 3, 4]])).array()).toEqual(before)
})
