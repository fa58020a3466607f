import { cpu } from '@tensorweft/backend-cpu'
import {
  compile,
  gradients,
  key,
  setBackend,
  sparseSoftmaxCrossEntropy,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import { sgd } from '@tensorweft/optimizers'
import { beforeAll, describe, expect, test } from 'vitest'
import { accuracy, type Dataset, dense, sequential, type Trainer, trainer } from '../index.ts'
import { makeClassifier, makeModel, makePoints, stateOf } from './training.testing.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const squaredError = (predictions: Tensor, labels: Tensor) =>
  predictions.sub(labels).square().mean()

describe('fit', () => {
  test('learns, and tells the means over each epoch', async () => {
    const points = makePoints(300)
    const classifier = makeClassifier()
    const { epochs, history } = await classifier.fit(points, { epochs: 30, batchSize: 50 })
    expect(epochs).toEqual(Array.from({ length: 30 }, (_, i) => i + 1))
    expect(history.loss).toHaveLength(30)
    expect(history.accuracy).toHaveLength(30)
    expect(history.loss.at(-1)).toBeLessThan(0.6 * (history.loss[0] ?? 0))
    expect(history.valLoss).toBeUndefined()
    const measured = await classifier.evaluate(points)
    expect(measured.accuracy).toBeGreaterThan(0.85)
    expect(classifier.epoch).toBe(30)
    expect(classifier.step).toBe(0)
  })

  test('gives the loss and the weights of a loop by hand, the smaller last batch included', async () => {
    const { x, y } = makePoints(70)
    const [byHand, model] = [makeModel({ isRandom: false }), makeModel({ isRandom: false })]
    byHand.build([4], key(3))
    model.build([4], key(3))
    const optimizer = sgd({ learningRate: 0.1 })
    const step = compile((input: Tensor, labels: Tensor<'int32'>) => {
      const logits = byHand.apply(input, { training: true })
      const loss = sparseSoftmaxCrossEntropy(logits, labels)
      optimizer.update(byHand.parameters, gradients(loss, byHand.parameters))
      return [loss, accuracy(logits, labels)] as const
    })
    let [loss, correct] = [0, 0]
    for (const [begin, end] of [
      [0, 32],
      [32, 64],
      [64, 70],
    ] as const) {
      const input = tensor(x.data.slice(4 * begin, 4 * end), { shape: [end - begin, 4] })
      const [own, share] = step(input, tensor(y.slice(begin, end), { dtype: 'int32' }))
      loss += (end - begin) * (await own.item())
      correct += (end - begin) * (await share.item())
    }
    const { history } = await trainer({
      model,
      loss: sparseSoftmaxCrossEntropy,
      optimizer: sgd({ learningRate: 0.1 }),
      metrics: { accuracy },
    }).fit({ x, y }, { shuffle: false })
    expect(history.loss[0]).toBeCloseTo(loss / 70, 6)
    expect(history.accuracy[0]).toBeCloseTo(correct / 70, 6)
    const inputs = tensor([[0.1, -0.2, 0.3, 0.4]])
    expect(await model.apply(inputs).array()).toEqual(await byHand.apply(inputs).array())
  })

  test('takes tensors, nested arrays, typed arrays and typed arrays with shapes alike', async () => {
    const x = [
      [1, 2],
      [3, 4],
      [5, 6],
    ]
    const flat = new Float32Array(x.flat())
    const forms: Dataset[] = [
      { x, y: [[1], [2], [3]] },
      { x: tensor(x), y: tensor([[1], [2], [3]]) },
      { x: { data: flat, shape: [3, 2] }, y: { data: new Float32Array([1, 2, 3]), shape: [3, 1] } },
      {
        x: { data: Float64Array.from(flat), shape: [3, 2], dtype: 'float32' },
        y: { data: new Uint8Array([1, 2, 3]), shape: [3, 1], dtype: 'float32' },
      },
    ]
    const states = []
    for (const data of forms) {
      const fresh = trainer({
        model: sequential(dense({ units: 1 })),
        loss: squaredError,
        optimizer: sgd(),
      })
      await fresh.fit(data, { batchSize: 2, epochs: 2 })
      states.push((await stateOf(fresh)).tensors)
    }
    for (const state of states) expect(state).toEqual(states[0])
  })

  test('trains the trainable parameters only', async () => {
    const model = sequential(dense({ units: 1, kernelInitializer: 'ones' }))
    model.build([1], key(0))
    const { kernel } = model.layers[0]?.parameters ?? {}
    if (kernel === undefined || !('trainable' in kernel)) throw new Error('no kernel')
    const regression = trainer({ model, loss: squaredError, optimizer: sgd({ learningRate: 0.1 }) })
    Object.assign(kernel, { trainable: false })
    await regression.fit({ x: [[1]], y: [[5]] })
    expect((await stateOf(regression)).tensors['model.dense.kernel']).toEqual([1])
    Object.assign(kernel, { trainable: true })
    await regression.fit({ x: [[1]], y: [[5]] })
    expect((await stateOf(regression)).tensors['model.dense.kernel']).not.toEqual([1])
  })
})

describe('the order of the samples', () => {
  const steps = async (from: Trainer<'accuracy'>, options = {}) => {
    await from.fit(makePoints(40), { batchSize: 8, epochs: 2, ...options })
    return (await stateOf(from)).tensors
  }

  test('is the same for the same seed or key, and another for another', async () => {
    const first = await steps(makeClassifier(), { seed: 7 })
    expect(await steps(makeClassifier(), { seed: 7 })).toEqual(first)
    expect(await steps(makeClassifier(), { seed: 8 })).not.toEqual(first)
    const own = await steps(makeClassifier())
    expect(own).not.toEqual(first)
    expect(await steps(makeClassifier())).toEqual(own)
    expect(await steps(makeClassifier({ from: key(6) }))).not.toEqual(own)
  })

  test('holds every sample once, another in each epoch, or as they lie', async () => {
    const seen: number[][] = []
    const spy = (predictions: Tensor) => predictions.sum()
    const model = sequential(dense({ units: 1, kernelInitializer: 'ones', useBias: false }))
    const orders = trainer({ model, loss: spy, optimizer: sgd({ learningRate: 0 }) })
    const x = Array.from({ length: 10 }, (_, i) => [2 ** i])
    const losses = (epochs: number, shuffle: boolean) =>
      orders.fit(
        { x, y: x },
        {
          epochs,
          shuffle,
          batchSize: 1,
          callbacks: [
            {
              onEpochBegin: () => {
                seen.push([])
              },
              onBatchEnd: async ({ readLogs, step }) => {
                const { loss = 0 } = await readLogs()
                seen.at(-1)?.push(loss * step)
              },
            },
          ],
        },
      )
    await losses(2, true)
    await losses(1, false)
    const chosen = seen.map((sums) => sums.map((sum, i) => Math.round(sum - (sums[i - 1] ?? 0))))
    const [one = [], two = [], three = []] = chosen
    const all = x.flat()
    expect(three).toEqual(all)
    for (const order of [one, two]) {
      expect(order).not.toEqual(all)
      expect([...order].sort((a, b) => a - b)).toEqual(all)
    }
    expect(one).not.toEqual(two)
  })
})
