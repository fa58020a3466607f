import { cpu } from '@tensorweft/backend-cpu'
import {
  type LossOptions,
  oneHot,
  ShapeError,
  setBackend,
  softmaxCrossEntropy,
  sparseSoftmaxCrossEntropy,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import { sgd } from '@tensorweft/optimizers'
import { beforeAll, describe, expect, test } from 'vitest'
import { dense, type LossFunction, sequential, trainer } from '../index.ts'
import { weightsByClass } from './class-weight.ts'
import { makePoints, stateOf } from './training.testing.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const points = makePoints(12)

function makeLinear(loss: LossFunction) {
  return trainer({
    model: sequential(dense({ units: 3 })),
    loss,
    optimizer: sgd({ learningRate: 0.5 }),
    metrics: { mean: (logits: Tensor) => logits },
  })
}

describe('sample weights', () => {
  test('of one change nothing; of zero leave samples out of the loss', async () => {
    const [plain, ones, zeros] = [1, 2, 3].map(() => makeLinear(sparseSoftmaxCrossEntropy))
    const first = await plain?.fit(points, { shuffle: false })
    const second = await ones?.fit(
      { ...points, sampleWeight: new Float32Array(12).fill(1) },
      { shuffle: false },
    )
    expect(second?.history.loss[0]).toBeCloseTo(first?.history.loss[0] ?? 0, 6)
    const weights = Float32Array.from({ length: 12 }, (_, i) => (i < 6 ? 2 : 0))
    await zeros?.fit({ ...points, sampleWeight: weights }, { shuffle: false })
    // Half of the samples with twice their loss are as these alone.
    const alone = makeLinear(sparseSoftmaxCrossEntropy)
    await alone.fit(
      { x: { data: points.x.data.slice(0, 24), shape: [6, 4] }, y: points.y.slice(0, 6) },
      { shuffle: false },
    )
    const [got, wanted] = [
      zeros && (await stateOf(zeros)).tensors['model.dense.kernel'],
      (await stateOf(alone)).tensors['model.dense.kernel'],
    ]
    got?.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted?.[i] ?? 0, 6)
    })
  })

  test('are Σ weight · loss / count, over elements where a sample has several, in evaluation too', async () => {
    const absolute = (p: Tensor, labels: Tensor, { reduction = 'mean' }: LossOptions = {}) =>
      reduction === 'none' ? p.sub(labels).abs() : p.sub(labels).abs().mean()
    const model = sequential(dense({ units: 2, kernelInitializer: 'zeros' }))
    const regression = trainer({ model, loss: absolute, optimizer: sgd({ learningRate: 0 }) })
    const data = {
      x: [[1], [1], [1]],
      y: [
        [1, 3],
        [2, 2],
        [8, 0],
      ],
      sampleWeight: [1, 3, 0.5],
    }
    const { history } = await regression.fit(data, { batchSize: 2 })
    const wanted = (1 * 4 + 3 * 4 + 0.5 * 8) / 6
    expect(history.loss[0]).toBeCloseTo(wanted, 6)
    expect((await regression.evaluate(data)).loss).toBeCloseTo(wanted, 6)
    expect((await regression.evaluate({ ...data, sampleWeight: new Int32Array([0, 1, 0]) })).loss) //
      .toBeCloseTo(4 / 6, 6)
  })

  test('must be one per sample', async () => {
    const fit = makeLinear(sparseSoftmaxCrossEntropy).fit({
      ...points,
      sampleWeight: points.x,
    })
    await expect(fit).rejects.toThrow(ShapeError)
    await expect(fit).rejects.toThrow('weights [12, 4] for labels [12]; wanted a weight per sample')
  })
})

describe('class weights', () => {
  const weights = { 0: 0.1, 2: 7 }

  test('are those of the labels, in every form; 1 for other classes', async () => {
    const numbers = tensor([0, 1, 2, 3, 2], { dtype: 'int32' })
    const wanted = [0.1, 1, 7, 1, 7].map(Math.fround)
    for (const labels of [
      numbers,
      numbers.cast('float32'),
      numbers.cast('uint8').reshape([5, 1]),
      oneHot(numbers, 4),
      oneHot(numbers, 4, 'int32'),
    ]) {
      expect(await weightsByClass(labels, weights).array()).toEqual(wanted)
    }
    expect(await weightsByClass(numbers, {}).array()).toEqual([1, 1, 1, 1, 1])
    expect(() => weightsByClass(tensor([[[1, 2]]]), weights)).toThrow(ShapeError)
  })

  test('train as the same weights per sample, times these, and do not count in validation', async () => {
    const sampleWeight = Float32Array.from({ length: 12 }, (_, i) => 1 + (i % 2))
    const [byClass, bySample] = [1, 2].map(() => makeLinear(sparseSoftmaxCrossEntropy))
    const first = await byClass?.fit(
      { ...points, sampleWeight },
      {
        shuffle: false,
        classWeight: { 0: 0.25, 2: 4 },
        validationData: points,
      },
    )
    const factors = [0.25, 1, 4]
    const second = await bySample?.fit(
      {
        ...points,
        sampleWeight: sampleWeight.map((weight, i) => weight * (factors[points.y[i] ?? 0] ?? 1)),
      },
      { shuffle: false, validationData: points },
    )
    expect(first?.history.loss[0]).toBeCloseTo(second?.history.loss[0] ?? 0, 5)
    expect(first?.history.valLoss?.[0]).toBeCloseTo(second?.history.valLoss?.[0] ?? 0, 5)
    expect((await byClass?.evaluate(points))?.loss).toBeCloseTo(first?.history.valLoss?.[0] ?? 0, 5)
  })

  test('go with one-hot labels', async () => {
    const y = oneHot(tensor(points.y, { dtype: 'int32' }), 3)
    const [oneHotLoss, sparse] = [
      makeLinear(softmaxCrossEntropy),
      makeLinear(sparseSoftmaxCrossEntropy),
    ]
    const options = { shuffle: false, classWeight: weights }
    const { history } = await oneHotLoss.fit({ ...points, y }, options)
    expect(history.loss[0]).toBeCloseTo((await sparse.fit(points, options)).history.loss[0] ?? 0, 6)
  })
})
