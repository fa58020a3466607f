import { cpu } from '@tensorweft/backend-cpu'
import { setBackend, type Tensor } from '@tensorweft/core'
import { sgd } from '@tensorweft/optimizers'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import {
  dense,
  type FitOptions,
  NonFiniteError,
  sequential,
  type TrainingEnd,
  trainer,
} from '../index.ts'
import { makeClassifier, makePoints, stateOf } from './training.testing.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const points = makePoints(40)
const options = { batchSize: 8, epochs: 3, seed: 2 }

describe('a signal', () => {
  test('ends the training after the current step with its reason, and it can go on', async () => {
    const [classifier, whole] = [makeClassifier(), makeClassifier()]
    const controller = new AbortController()
    const reason = new Error('enough')
    const ends: (TrainingEnd | undefined)[] = []
    const fit = classifier.fit(points, {
      ...options,
      signal: controller.signal,
      callbacks: [
        {
          onBatchEnd: ({ epoch, step }) => {
            if (epoch === 2 && step === 2) controller.abort(reason)
          },
          onTrainEnd: ({ end }) => {
            ends.push(end)
          },
        },
      ],
    })
    await expect(fit).rejects.toBe(reason)
    expect(ends).toEqual(['failed'])
    expect([classifier.epoch, classifier.step]).toEqual([1, 2])
    const { epochs } = await classifier.fit(points, { ...options, epochs: 2 })
    expect(epochs).toEqual([2, 3])
    await whole.fit(points, options)
    expect(await stateOf(classifier)).toEqual(await stateOf(whole))
  })

  test('that is aborted before lets nothing begin', async () => {
    const classifier = makeClassifier()
    const signal = AbortSignal.abort()
    await expect(classifier.fit(points, { signal })).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    )
    await expect(classifier.save()).rejects.toThrow('a model without weights')
    const withoutReason = classifier.fit(points, { signal: { aborted: true } })
    await expect(withoutReason).rejects.toThrow('The training was aborted.')
  })

  test('from a timer reaches a loop that waits for nothing', async () => {
    const fit = makeClassifier().fit(points, { epochs: 1e6, signal: AbortSignal.timeout(50) })
    await expect(fit).rejects.toThrow(expect.objectContaining({ name: 'TimeoutError' }))
  })

  test('ends a validation and an evaluation too', async () => {
    const classifier = makeClassifier()
    const controller = new AbortController()
    const endless = function* () {
      for (let i = 0; ; i++) {
        if (i === 3) controller.abort()
        yield points
      }
    }
    const aborted = expect.objectContaining({ name: 'AbortError' })
    const { signal } = controller
    await expect(classifier.fit(points, { validationData: endless, signal })).rejects.toThrow(
      aborted,
    )
    expect([classifier.epoch, classifier.step]).toEqual([1, 0])
    await expect(classifier.evaluate(points, { signal })).rejects.toThrow(aborted)
  })

  test('ends the wait for data that do not come, and lets go of what comes late', async () => {
    const classifier = makeClassifier()
    const never = new Promise<void>(() => {})
    let goOn = () => {}
    const late = new Promise<void>((resolve) => {
      goOn = resolve
    })
    let controller = new AbortController()
    let isClosed = false
    /** Is aborted as soon as it waits. */
    const stall = (wait: Promise<void>) => {
      setTimeout(() => controller.abort(), 1)
      return wait
    }
    const stalled = (wait: Promise<void>) =>
      async function* () {
        try {
          yield points
          await stall(wait)
          yield points
        } finally {
          isClosed = true
        }
      }
    const aborted = expect.objectContaining({ name: 'AbortError' })
    const signal = () => {
      controller = new AbortController()
      return controller.signal
    }
    await expect(classifier.fit(stalled(never), { signal: signal() })).rejects.toThrow(aborted)
    expect(classifier.step).toBe(1)
    const opening = () => stall(never).then(() => [points])
    await expect(classifier.fit(opening, { signal: signal() })).rejects.toThrow(aborted)
    const data = stalled(late)
    await expect(classifier.evaluate(data, { signal: signal() })).rejects.toThrow(aborted)
    expect(isClosed).toBe(false)
    goOn()
    await vi.waitFor(() => expect(isClosed).toBe(true), 60_000)
    // What was aborted does not stand in the way.
    expect((await classifier.fit(points, { resume: false })).epochs).toEqual([1])
  })
})

test('a signal that was aborted before data are waited for ends the wait too', async () => {
  const classifier = makeClassifier()
  const never = new Promise<never>(() => {})
  const aborted = expect.objectContaining({ name: 'AbortError' })
  const between = new AbortController()
  const fit = classifier.fit((epoch) => (epoch === 1 ? [points] : never), {
    epochs: 2,
    signal: between.signal,
    callbacks: [{ onEpochEnd: () => between.abort() }],
  })
  await expect(fit).rejects.toThrow(aborted)
  expect([classifier.epoch, classifier.step]).toEqual([1, 0])
  const within = new AbortController()
  const data = async function* () {
    yield points
    within.abort()
    yield never
  }
  await expect(classifier.fit(data, { signal: within.signal })).rejects.toThrow(aborted)
  expect([classifier.epoch, classifier.step]).toEqual([1, 1])
  const evaluation = classifier.evaluate(() => never, { signal: AbortSignal.abort() })
  await expect(evaluation).rejects.toThrow(aborted)
})

describe('a loss that is no number', () => {
  /** Its loss is 1 / 0 from the second epoch on. */
  const diverging = () => {
    const model = sequential(dense({ units: 1, kernelInitializer: 'ones', useBias: false }))
    const loss = (predictions: Tensor) => predictions.mean().log()
    return trainer({ model, loss, optimizer: sgd({ learningRate: 1 }) })
  }
  const fit = (more: FitOptions) =>
    diverging().fit({ x: [[1], [1]], y: [[0], [0]] }, { epochs: 3, batchSize: 1, ...more })

  test('is an error that names epoch and step, at the end of the epoch', async () => {
    const error: unknown = await fit({}).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(NonFiniteError)
    expect(error).toMatchObject({ epoch: 1, step: 2 })
    expect(String(error)).toMatch(/a mean loss of -Infinity in epoch 1, seen after its step 2/)
  })

  test('or where a callback reads it', async () => {
    const error: unknown = await diverging()
      .fit(
        { x: [[1], [1], [1]], y: [[0], [0], [0]] },
        {
          batchSize: 1,
          callbacks: [
            {
              onBatchEnd: async ({ step, readLogs }) => {
                if (step >= 2) await readLogs()
              },
            },
          ],
        },
      )
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({ name: 'NonFiniteError', epoch: 1, step: 2 })
  })

  test('or stops the training, or is ignored', async () => {
    const stopped = await fit({ onNonFinite: 'stop' })
    expect(stopped.epochs).toEqual([1])
    expect(stopped.history.loss).toEqual([Number.NEGATIVE_INFINITY])
    const ignored = await fit({ onNonFinite: 'ignore' })
    expect(ignored.epochs).toEqual([1, 2, 3])
    expect(ignored.history.loss[2]).toBeNaN()
  })
})
