import { cpu } from '@tensorweft/backend-cpu'
import { setBackend } from '@tensorweft/core'
import { sgd } from '@tensorweft/optimizers'
import { beforeAll, describe, expect, test } from 'vitest'
import { type BatchesOfEpoch, type FitOptions, TrainingError } from '../index.ts'
import { makeClassifier, makePoints, stateOf } from './training.testing.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const points = makePoints(50)
const epochs = 4
const options = { batchSize: 8, seed: 3 } // 7 steps an epoch, the last of 2 samples

/** Trains all epochs at once, or stops after a step and goes on in another trainer. */
async function trainInParts(stops: readonly number[], more: FitOptions = {}) {
  let current = makeClassifier()
  const losses: number[] = []
  for (const stop of [...stops, Number.POSITIVE_INFINITY]) {
    let steps = 0
    const { history } = await current.fit(points, {
      ...options,
      ...more,
      epochs: epochs - current.epoch,
      callbacks: [
        {
          onBatchEnd: (event) => {
            if (++steps === stop) event.stop()
          },
        },
      ],
    })
    losses.push(...history.loss)
    if (stop === Number.POSITIVE_INFINITY) break
    const next = makeClassifier()
    next.load(await current.save())
    current = next
  }
  return { losses, ...(await stateOf(current)) }
}

describe('a run that goes on in another trainer', () => {
  test.each([
    ['in the middle of an epoch', [10]],
    ['at the end of an epoch', [14]],
    ['before its last, smaller step', [6]],
    ['again and again', [1, 1, 5, 7, 3, 6]],
  ])('%s ends as one without a stop, bit for bit', async (_, stops) => {
    const whole = await trainInParts([])
    expect(whole.losses).toHaveLength(epochs)
    expect(await trainInParts(stops)).toEqual(whole)
  })

  test('in its own order goes on in the order of its key', async () => {
    const more = { seed: undefined }
    expect(await trainInParts([3, 9], more)).toEqual(await trainInParts([], more))
  })

  test('completes the epoch in its order, whatever the seed is then', async () => {
    const [one, other] = [makeClassifier(), makeClassifier()]
    const stopAt = (step: number) => ({
      onBatchEnd: (event: { step: number; stop(): void }) => {
        if (event.step === step) event.stop()
      },
    })
    await one.fit(points, { ...options, callbacks: [stopAt(4)] })
    expect([one.epoch, one.step]).toEqual([0, 4])
    await one.fit(points, { ...options, seed: 99 })
    await other.fit(points, options)
    expect([one.epoch, one.step]).toEqual([1, 0])
    expect(await stateOf(one)).toEqual(await stateOf(other))
  })

  test('may begin the epoch anew', async () => {
    const [one, other] = [makeClassifier(), makeClassifier()]
    await one.fit(points, {
      ...options,
      callbacks: [{ onBatchEnd: (event) => event.stop() }],
    })
    const { history } = await one.fit(points, { ...options, epochs: 1, resume: false })
    expect(one.epoch).toBe(1)
    // One step more than an epoch.
    const step = async (from: typeof one) => (await stateOf(from)).tensors['optimizer.step']
    expect(await step(one)).toEqual([8])
    expect(history.loss[0]).toBeGreaterThan(0)
    await other.fit(points, options)
    expect(await step(other)).toEqual([7])
  })

  test('is refused other data', async () => {
    const classifier = makeClassifier()
    await classifier.fit(points, {
      ...options,
      callbacks: [{ onBatchEnd: (event) => event.stop() }],
    })
    const before = await stateOf(classifier)
    const other = classifier.fit(makePoints(51), options)
    await expect(other).rejects.toThrow(TrainingError)
    await expect(other).rejects.toThrow('51 samples, in the middle of an epoch over 50 samples')
    expect(await stateOf(classifier)).toEqual(before)
  })
})

describe('several calls', () => {
  test('are as one with all their epochs', async () => {
    const [parts, whole] = [makeClassifier(), makeClassifier()]
    const first = await parts.fit(points, { ...options, epochs: 1 })
    const rest = await parts.fit(points, { ...options, epochs: 3 })
    const all = await whole.fit(points, { ...options, epochs: 4 })
    expect([...first.epochs, ...rest.epochs]).toEqual(all.epochs)
    expect([...first.history.accuracy, ...rest.history.accuracy]).toEqual(all.history.accuracy)
    expect(await stateOf(parts)).toEqual(await stateOf(whole))
  })

  test('with no epochs left do nothing', async () => {
    const classifier = makeClassifier({ optimizer: sgd() })
    await classifier.fit(points, options)
    const before = await stateOf(classifier)
    expect(await classifier.fit(points, { ...options, epochs: 0 })).toEqual({
      epochs: [],
      history: { loss: [], accuracy: [] },
    })
    expect(await stateOf(classifier)).toEqual(before)
  })
})

test('batches of a function go on where they stopped', async () => {
  const batches: BatchesOfEpoch = function* (epoch) {
    for (let i = 0; ; i++) yield makePoints(6, 1000 * epoch + i)
  }
  const train = async (stops: readonly number[]) => {
    let current = makeClassifier()
    for (const stop of [...stops, 100]) {
      let steps = 0
      const next = makeClassifier()
      await current.fit(batches, {
        epochs: 3 - current.epoch,
        stepsPerEpoch: 5,
        callbacks: [
          {
            onBatchEnd: (event) => {
              if (++steps === stop) event.stop()
            },
          },
        ],
      })
      next.load(await current.save())
      current = next
    }
    return stateOf(current)
  }
  expect(await train([2, 6])).toEqual(await train([]))
})
