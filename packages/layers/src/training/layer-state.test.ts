import { cpu } from '@tensorweft/backend-cpu'
import {
  type CallContext,
  Layer,
  Parameter,
  type Shape,
  setBackend,
  type Tensor,
  zeros,
} from '@tensorweft/core'
import { sgd } from '@tensorweft/optimizers'
import { beforeAll, expect, test } from 'vitest'
import { dense, earlyStopping, sequential, trainer } from '../index.ts'
import { stateOf } from './training.testing.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

/** Counts the samples that it has seen in training. */
class Counter extends Layer {
  readonly #seen = new Parameter(zeros([]), { trainable: false })
  override build(inputShape: Shape): Shape {
    return inputShape
  }
  override call(x: Tensor, { training }: CallContext): Tensor {
    if (training) this.#seen.assign(this.#seen.value.add(x.shape[0] ?? 0))
    return x
  }
  override get state() {
    return { seen: this.#seen }
  }
}

const makeCounting = () =>
  trainer({
    model: sequential(new Counter(), dense({ units: 1 })),
    loss: (predictions, labels) => predictions.sub(labels).square().mean(),
    optimizer: sgd({ learningRate: 10 }),
  })
const seenBy = async (counting: ReturnType<typeof makeCounting>) =>
  (await stateOf(counting)).tensors['model.layer.seen']
const data = { x: [[1], [2], [3]], y: [[1], [2], [3]] }

test('state of layers is updated by training alone, saved and restored with the weights', async () => {
  const counting = makeCounting()
  const options = { batchSize: 2, validationData: data }
  await counting.fit(data, options)
  expect(await seenBy(counting)).toEqual([3])
  await counting.evaluate(data)
  await counting.predict(data.x)
  expect(await seenBy(counting)).toEqual([3])

  const copy = makeCounting()
  copy.load(await counting.save())
  // Every step is far too large, so that the first epoch of the call is its best.
  const callbacks = [earlyStopping({ patience: 2, restoreBestWeights: true })]
  const { epochs } = await copy.fit(data, { ...options, epochs: 9, callbacks })
  expect(epochs).toEqual([2, 3, 4])
  expect(await seenBy(copy)).toEqual([6])
})
