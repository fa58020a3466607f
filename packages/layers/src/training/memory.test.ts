import { cpu } from '@tensorweft/backend-cpu'
import { key, setBackend } from '@tensorweft/core'
import { recordBackend } from '@tensorweft/testkit'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { earlyStopping, modelCheckpoint, type TrainingCallback } from '../index.ts'
import { StepsInFlight } from './steps-in-flight.ts'
import { makeClassifier, makePoints, stateOf } from './training.testing.ts'

beforeEach(async () => {
  await setBackend(cpu())
})

const isFull = process.env.TENSORWEFT_FULL === '1'

/** Bytes and buffers that are held after each of the steps, counted through the epochs. */
async function heldAfter(steps: readonly number[], validate: boolean) {
  const backend = recordBackend(cpu())
  await setBackend(backend)
  const held: { bytes: number; buffers: number }[] = []
  let count = 0
  const watch: TrainingCallback = {
    onBatchEnd: () => {
      if (!steps.includes(++count)) return
      const { bytesHeld, buffersHeld } = backend.record
      held.push({ bytes: bytesHeld, buffers: buffersHeld })
    },
  }
  await makeClassifier().fit(makePoints(80), {
    batchSize: 4, // 20 steps an epoch
    epochs: Math.ceil(Math.max(...steps) / 20),
    callbacks: [watch],
    ...(validate && { validationData: makePoints(10) }),
  })
  return held
}

describe('what a backend holds', () => {
  /** No more than before; less where garbage of the beginning was collected meanwhile. */
  const expectNoGrowth = ([first, second]: Awaited<ReturnType<typeof heldAfter>>) => {
    expect(second?.buffers).toBeLessThanOrEqual(first?.buffers ?? 0)
    expect(second?.bytes).toBeLessThanOrEqual(first?.bytes ?? 0)
  }

  test.each([false, true])(
    'does not grow from step 100 to 200, validation: %s',
    async (validate) => {
      expectNoGrowth(await heldAfter([115, 215], validate))
    },
  )

  test.runIf(isFull)('does not grow over 10,000 steps', { timeout: 300_000 }, async () => {
    expectNoGrowth(await heldAfter([115, 9_995], true))
  })

  test('does not grow from call to call', async () => {
    const backend = recordBackend(cpu())
    await setBackend(backend)
    const classifier = makeClassifier()
    const train = () => classifier.fit(makePoints(40), { batchSize: 8, epochs: 2 })
    await train()
    const { buffersHeld } = backend.record
    backend.resetRecord()
    await train()
    expect(backend.record.plansCompiled).toBe(0)
    expect(backend.record.buffersHeld).toBeLessThanOrEqual(buffersHeld)
  })
})

describe('a step', () => {
  test('is one plan, and nothing of it is read before the end of the epoch', async () => {
    const backend = recordBackend(cpu())
    await setBackend(backend)
    const classifier = makeClassifier()
    const runs: number[] = []
    const watch: TrainingCallback = {
      onBatchEnd: ({ step }) => {
        if (step > 1) runs.push(backend.record.runs)
        if (step > 1) expect(backend.record.bytesDownloaded).toBe(0)
        backend.resetRecord()
      },
    }
    await classifier.fit(makePoints(80), { batchSize: 8, callbacks: [watch] })
    expect(runs).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1])
  })

  test('is compiled once, with the smaller last batch twice, also where callbacks save', async () => {
    const backend = recordBackend(cpu())
    await setBackend(backend)
    const compiled: number[] = []
    await makeClassifier().fit(makePoints(30), {
      batchSize: 8,
      epochs: 4,
      callbacks: [
        earlyStopping({ monitor: 'loss', patience: 9, restoreBestWeights: true }),
        modelCheckpoint({ write: () => {}, everySteps: 2 }),
        {
          onEpochBegin: () => {
            compiled.push(backend.plans.length)
            backend.resetRecord()
          },
        },
      ],
    })
    expect(compiled[1]).toBeGreaterThan(1)
    expect(compiled.slice(2)).toEqual([0, 0])
  })
})

describe('steps in flight', () => {
  test('are at most 8: the ninth waits for the first to be done, and for no other', async () => {
    const inner = cpu()
    const waiting: (() => void)[] = []
    const backend = Object.assign(Object.create(inner), {
      finish: () => new Promise<void>((resolve) => waiting.push(resolve)),
    })
    let enqueued = 0
    const classifier = makeClassifier()
    await setBackend(backend)
    const fit = classifier.fit(makePoints(40), {
      batchSize: 2,
      callbacks: [
        {
          onBatchEnd: () => {
            enqueued++
          },
        },
      ],
    })
    // The eighth is enqueued and waits for the first, so that its end is not told yet.
    await vi.waitFor(() => expect(waiting).toHaveLength(8), 60_000)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([enqueued, waiting.length]).toEqual([7, 8])
    for (let i = 0; i < 20; i++) {
      waiting[i]?.()
      const begun = Math.min(i + 9, 20)
      await vi.waitFor(() => expect(waiting).toHaveLength(begun), 60_000)
    }
    await fit
    expect(enqueued).toBe(20)
  })

  test.each([
    ['while nothing else waits', 1],
    ['where the clock is set back', -1],
  ])('let the event loop turn %s', async (_, pushMs) => {
    // One push takes a millisecond by this clock.
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    let turns = 0
    const countTurn = () => {
      turns++
      next = setImmediate(countTurn)
    }
    let next = setImmediate(countTurn)
    const inFlight = new StepsInFlight()
    for (let ms = 0; ms < 100; ms++) {
      vi.setSystemTime(Date.now() + pushMs)
      await inFlight.push(key(1), () => {})
    }
    await inFlight.drain()
    clearImmediate(next)
    // Every 10 ms.
    expect(turns).toBeGreaterThanOrEqual(9)
  })

  test('that fail on the backend end the training', async () => {
    const inner = cpu()
    let calls = 0
    const backend = Object.assign(Object.create(inner), {
      finish: () => (++calls === 3 ? Promise.reject(new Error('device lost')) : Promise.resolve()),
    })
    const classifier = makeClassifier()
    await setBackend(backend)
    await expect(classifier.fit(makePoints(40), { batchSize: 2 })).rejects.toThrow('device lost')
    await setBackend(inner)
    await classifier.fit(makePoints(40), { batchSize: 2 })
    expect(classifier.epoch).toBe(1)
  })
})

test('a backend that is swapped in the middle goes on with the same training', async () => {
  const train = async (swap: boolean) => {
    await setBackend(cpu())
    const classifier = makeClassifier()
    await classifier.fit(makePoints(40), {
      batchSize: 4,
      epochs: 2,
      callbacks: [
        {
          onBatchEnd: async ({ step }) => {
            if (swap && step % 3 === 0) await setBackend(cpu())
          },
        },
      ],
    })
    return stateOf(classifier)
  }
  expect(await train(true)).toEqual(await train(false))
})
