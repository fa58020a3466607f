import { cpu } from '@tensorweft/backend-cpu'
import { DisposedError, setBackend, tensor } from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Dataset, type TrainingData, TrainingError } from '../index.ts'
import { makeClassifier, makePoints, stateOf } from './training.testing.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const batches = [makePoints(6, 1), makePoints(6, 2), makePoints(3, 3)]

async function trained(data: TrainingData, options = {}) {
  const classifier = makeClassifier()
  const { history } = await classifier.fit(data, { epochs: 2, ...options })
  return { history, state: (await stateOf(classifier)).tensors }
}

describe('batches', () => {
  test('of an array, a set, an asynchronous iterable and a function are the same', async () => {
    async function* later() {
      for (const batch of batches) {
        await new Promise((resolve) => setTimeout(resolve, 1))
        yield batch
      }
    }
    const wanted = await trained(batches)
    const steps = wanted.state['optimizer.step']
    expect(steps).toEqual([6])
    expect(await trained(new Set(batches))).toEqual(wanted)
    expect(await trained({ [Symbol.asyncIterator]: later })).toEqual(wanted)
    expect(await trained(later)).toEqual(wanted)
    expect(await trained(() => batches)).toEqual(wanted)
    expect(await trained(async () => batches)).toEqual(wanted)
  })

  test('of a function are those of the epoch', async () => {
    const epochs: number[] = []
    await trained((epoch) => {
      epochs.push(epoch)
      return batches
    })
    expect(epochs).toEqual([1, 2])
  })

  test('that never end need stepsPerEpoch, and go on from epoch to epoch', async () => {
    let drawn = 0
    let isClosed = false
    const endless = {
      *[Symbol.iterator]() {
        try {
          for (; ; drawn++) yield makePoints(4, drawn + 1)
        } finally {
          isClosed = true
        }
      },
    }
    const { state } = await trained(endless, { stepsPerEpoch: 3 })
    expect(state['optimizer.step']).toEqual([6])
    expect(drawn).toBe(5)
    expect(isClosed).toBe(true)
  })

  test('of a generator that the program holds are left for its next call', async () => {
    const drawn: number[] = []
    function* endless() {
      for (let i = 1; ; i++) {
        drawn.push(i)
        yield makePoints(4, i)
      }
    }
    const generator = endless()
    const classifier = makeClassifier()
    await classifier.fit(generator, { stepsPerEpoch: 2 })
    await classifier.fit(generator, { stepsPerEpoch: 2 })
    expect(drawn).toEqual([1, 2, 3, 4])
  })

  test('are closed when the training ends before them', async () => {
    let closed = 0
    const data = function* () {
      try {
        yield* batches
      } finally {
        closed++
      }
    }
    await trained(data, { callbacks: [{ onBatchEnd: (event: { stop(): void }) => event.stop() }] })
    expect(closed).toBe(1)
    await expect(
      trained(data, {
        callbacks: [
          {
            onBatchEnd: () => {
              throw new Error('no')
            },
          },
        ],
      }),
    ) //
      .rejects.toThrow('no')
    expect(closed).toBe(2)
    const wrong = function* () {
      try {
        yield { x: [[1]], y: [0] }
      } finally {
        closed++
      }
    }
    const classifier = makeClassifier()
    await classifier.fit(batches)
    await expect(classifier.fit(wrong)).rejects.toThrow('dense')
    expect(closed).toBe(3)
  })

  test('that run out are told from an epoch that ends', async () => {
    const short = trained(batches, { stepsPerEpoch: 4 })
    await expect(short).rejects.toThrow(TrainingError)
    await expect(short).rejects.toThrow('batches that ended after 3 of 4 steps')
    function* once() {
      yield* batches
    }
    const spent = trained(once())
    await expect(spent).rejects.toThrow('no batches; wanted at least one')
    await expect(spent).rejects.toThrow('pass (epoch) => batches')
  })

  test('of tensors of the program are left to it', async () => {
    const x = tensor(batches[0]?.x.data ?? [], { shape: [6, 4] })
    const y = tensor(batches[0]?.y ?? [], { dtype: 'int32' })
    await trained([{ x, y }])
    expect((await x.data()).length).toBe(24)
    expect((await y.data()).length).toBe(6)
    x.dispose()
    await expect(trained([{ x, y }])).rejects.toThrow(DisposedError)
  })

  test('may throw', async () => {
    const broken = function* (): Generator<Dataset> {
      yield makePoints(4)
      throw new RangeError('no more')
    }
    await expect(trained(broken)).rejects.toThrow(new RangeError('no more'))
  })
})

describe('validation', () => {
  test('data of every form give the same', async () => {
    const validation = makePoints(15, 9)
    const whole = await trained(batches, { validationData: validation, batchSize: 4 })
    expect(whole.history.valLoss).toHaveLength(2)
    expect(whole.history.valAccuracy).toHaveLength(2)
    const { data } = validation.x
    const parts = [
      { x: { data: data.slice(0, 40), shape: [10, 4] }, y: validation.y.slice(0, 10) },
      { x: { data: data.slice(40), shape: [5, 4] }, y: validation.y.slice(10) },
    ]
    const inParts = await trained(batches, { validationData: () => parts })
    expect(inParts.state).toEqual(whole.state)
    for (const epoch of [0, 1]) {
      const [a, b] = [whole, inParts].map(({ history }) => history.valLoss?.[epoch] ?? 0)
      expect(a).toBeCloseTo(b ?? 0, 6)
    }
    expect(inParts.history.valAccuracy).toEqual(whole.history.valAccuracy)
  })

  test('of a split is that of the last samples, which are not trained on', async () => {
    const { x, y } = makePoints(20)
    const part = (begin: number, end: number) => ({
      x: { data: x.data.slice(4 * begin, 4 * end), shape: [end - begin, 4] },
      y: y.slice(begin, end),
    })
    const split = await trained({ x, y }, { validationSplit: 0.25 })
    expect(split).toEqual(await trained(part(0, 15), { validationData: part(15, 20) }))
  })
})
