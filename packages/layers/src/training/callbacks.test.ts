import { cpu } from '@tensorweft/backend-cpu'
import { ArgumentError, key, setBackend, type Tensor, tensor } from '@tensorweft/core'
import { sgd } from '@tensorweft/optimizers'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  dense,
  earlyStopping,
  importWeights,
  modelCheckpoint,
  progressBar,
  sequential,
  type TrainingCallback,
  type TrainingEvent,
  trainer,
} from '../index.ts'
import { makeClassifier, makePoints, stateOf } from './training.testing.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const points = makePoints(20)
const batchSize = 8

/** Remembers what it is told. */
function recorder() {
  const told: string[] = []
  const events: TrainingEvent[] = []
  const record = (moment: string) => (event: TrainingEvent) => {
    told.push(`${moment} ${event.epoch}/${event.epochs} ${event.step}/${event.steps}`)
    events.push(event)
  }
  const callback: TrainingCallback = {
    onTrainBegin: record('train begin'),
    onEpochBegin: record('epoch begin'),
    onBatchEnd: record('batch end'),
    onEpochEnd: record('epoch end'),
    onTrainEnd: record('train end'),
  }
  return { callback, told, events }
}

describe('callbacks', () => {
  test('are told of everything in order', async () => {
    const { callback, told, events } = recorder()
    const { history } = await makeClassifier().fit(points, {
      epochs: 2,
      batchSize,
      callbacks: [callback],
      validationData: points,
    })
    expect(told).toEqual([
      'train begin 1/2 0/3',
      'epoch begin 1/2 0/3',
      'batch end 1/2 1/3',
      'batch end 1/2 2/3',
      'batch end 1/2 3/3',
      'epoch end 1/2 3/3',
      'epoch begin 2/2 0/3',
      'batch end 2/2 1/3',
      'batch end 2/2 2/3',
      'batch end 2/2 3/3',
      'epoch end 2/2 3/3',
      'train end 2/2 3/3',
    ])
    const [begin] = events
    expect(begin?.logs).toEqual({})
    expect(begin?.logNames).toEqual(['loss', 'accuracy', 'valLoss', 'valAccuracy'])
    expect(events[6]?.logs).toEqual({
      loss: history.loss[0],
      accuracy: history.accuracy[0],
      valLoss: history.valLoss?.[0],
      valAccuracy: history.valAccuracy?.[0],
    })
    expect(events.at(-1)?.logs.loss).toBe(history.loss[1])
    expect(events.map(({ end }) => end).filter((end) => end !== undefined)).toEqual(['complete'])
  })

  test('read the means of the epoch so far, and at its end those of the epoch', async () => {
    const read: unknown[] = []
    const readNow = async ({ readLogs }: TrainingEvent) => {
      read.push(await readLogs())
    }
    const { history } = await makeClassifier({ isRandom: false }).fit(points, {
      batchSize,
      shuffle: false,
      callbacks: [{ onEpochBegin: readNow, onBatchEnd: readNow, onEpochEnd: readNow }],
    })
    const [before, first, , last, end] = read
    expect(before).toEqual({})
    const [loss, accuracy] = [history.loss[0], history.accuracy[0]]
    expect(last).toEqual({ loss, accuracy })
    expect(end).toEqual(last)
    expect(first).not.toEqual(last)
  })

  test('may stop the training in the middle of an epoch, or after its last step', async () => {
    const { callback, events } = recorder()
    const stopAt = (step: number): TrainingCallback => ({
      onBatchEnd: (event) => {
        if (event.step === step) event.stop()
      },
    })
    const classifier = makeClassifier()
    const options = { epochs: 3, batchSize }
    const first = await classifier.fit(points, { ...options, callbacks: [stopAt(2), callback] })
    expect([classifier.epoch, classifier.step]).toEqual([0, 2])
    expect(first).toEqual({ epochs: [], history: { loss: [], accuracy: [] } })
    expect(events.at(-1)?.end).toBe('stopped')
    const second = await classifier.fit(points, { ...options, callbacks: [stopAt(3)] })
    expect([classifier.epoch, classifier.step]).toEqual([1, 0])
    expect(second.epochs).toEqual([1])
  })

  test('are waited for, and their errors end the training, which can go on', async () => {
    const { callback, told } = recorder()
    const classifier = makeClassifier()
    let isDone = false
    const wrong: TrainingCallback = {
      onEpochBegin: async () => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        isDone = true
      },
      onBatchEnd: ({ step }) => {
        expect(isDone).toBe(true)
        if (step === 2) throw new RangeError('mine')
      },
      onTrainEnd: () => {
        throw new Error('another, which is not told')
      },
    }
    const fit = classifier.fit(points, { batchSize, callbacks: [wrong, callback] })
    await expect(fit).rejects.toThrow(new RangeError('mine'))
    expect(told.at(-1)).toBe('batch end 1/1 1/3')
    expect([classifier.epoch, classifier.step]).toEqual([0, 2])
    await classifier.fit(points, { batchSize })
    expect([classifier.epoch, classifier.step]).toEqual([1, 0])
  })
})

/** A model w · x whose loss over the validation data is what a list says, epoch by epoch. */
function scripted(losses: readonly number[]) {
  const model = sequential(dense({ units: 1, kernelInitializer: 'zeros', useBias: false }))
  // Each step adds 1 to the weight.
  const loss = (predictions: Tensor, labels: Tensor) => labels.sub(predictions).mean()
  const fit = (callbacks: TrainingCallback[], epochs = losses.length) => {
    // labels − w = losses[w − 1] after epoch w.
    const validationData = (epoch: number) => [
      { x: [[1]], y: [[(losses[epoch - 1] ?? 0) + epoch]] },
    ]
    return run.fit({ x: [[1]], y: [[0]] }, { epochs, validationData, callbacks })
  }
  const run = trainer({ model, loss, optimizer: sgd({ learningRate: 1 }) })
  const weight = async () => (await stateOf(run)).tensors['model.dense.kernel']
  return { fit, weight, model, run }
}

describe('early stopping', () => {
  test.each([
    [0, {}, [5, 4, 4, 3], 3],
    [1, {}, [5, 4, 4, 3], 3],
    [2, {}, [5, 4, 4, 3, 6, 7, 1], 6],
    [1, { minDelta: 0.5 }, [5, 4.6, 1], 2],
    [1, { mode: 'max' as const }, [5, 6, 4, 9], 3],
    [1, { monitor: 'loss' }, [5, 9, 9, 9], 4],
  ])('with patience %i and %o', async (patience, options, losses, wanted) => {
    const { fit } = scripted(losses)
    const { epochs, history } = await fit([earlyStopping({ patience, ...options })])
    expect(epochs).toHaveLength(wanted)
    expect(history.valLoss?.map((loss) => Number(loss.toFixed(5)))).toEqual(losses.slice(0, wanted))
  })

  test('never takes NaN for better, and knows an accuracy by its name', async () => {
    const { fit } = scripted([Number.NaN, Number.NaN, 1])
    expect((await fit([earlyStopping({ patience: 2 })])).epochs).toHaveLength(2)
    const stops: number[] = []
    const callback = earlyStopping({ monitor: 'valAccuracy', patience: 1 })
    const event = (valAccuracy: number): TrainingEvent => ({
      ...blankEvent,
      logNames: ['valAccuracy'],
      logs: { valAccuracy },
      stop: () => {
        stops.push(valAccuracy)
      },
    })
    await callback.onTrainBegin?.(event(0))
    for (const value of [0.5, 0.6, 0.55]) await callback.onEpochEnd?.(event(value))
    expect(stops).toEqual([0.55])
  })

  test('restores the best weights, or keeps the last', async () => {
    const losses = [5, 3, 4, 4, 4]
    const [kept, restored, whole] = [scripted(losses), scripted(losses), scripted(losses)]
    await kept.fit([earlyStopping({ patience: 2 })])
    expect(await kept.weight()).toEqual([4])
    await restored.fit([earlyStopping({ patience: 2, restoreBestWeights: true })])
    expect(await restored.weight()).toEqual([2])
    // Also where the epochs end before the patience does.
    await whole.fit([earlyStopping({ patience: 9, restoreBestWeights: true })])
    expect(await whole.weight()).toEqual([2])
  })

  test('keeps the last weights after an error', async () => {
    const { fit, weight } = scripted([5, 6, 7])
    const fails: TrainingCallback = {
      onEpochEnd: ({ epoch }) => {
        if (epoch === 3) throw new Error('stop here')
      },
    }
    const callbacks = [earlyStopping({ patience: 5, restoreBestWeights: true }), fails]
    await expect(fit(callbacks)).rejects.toThrow('stop here')
    expect(await weight()).toEqual([3])
  })

  test('can be used again', async () => {
    const callback = earlyStopping({ patience: 1 })
    const { fit } = scripted([5, 6, 4, 7])
    expect((await fit([callback])).epochs).toEqual([1, 2])
    expect((await fit([callback])).epochs).toEqual([3, 4])
  })

  test('refuses wrong options, and before the first step a value that will not be there', async () => {
    expect(() => earlyStopping({ patience: -1 })).toThrow(ArgumentError)
    expect(() => earlyStopping({ minDelta: Number.NaN })).toThrow(ArgumentError)
    const mode = 'least' as 'min'
    expect(() => earlyStopping({ mode })).toThrow("mode 'least'; wanted one of min, max, auto")
    const classifier = makeClassifier()
    classifier.model.build([4], key(0))
    const before = await stateOf(classifier)
    const unknown = classifier.fit(points, { callbacks: [earlyStopping()] })
    await expect(unknown).rejects.toThrow(ArgumentError)
    await expect(unknown).rejects.toThrow(/monitor 'valLoss'; wanted one of loss, accuracy/)
    const { metadata, tensors } = await stateOf(classifier)
    expect(tensors).toEqual(before.tensors)
    expect(JSON.parse(metadata.training ?? '').position).toEqual({ epochs: 0 })
  })
})

const blankEvent: TrainingEvent = {
  model: sequential(),
  epoch: 1,
  epochs: 1,
  step: 1,
  steps: 1,
  logNames: [],
  logs: {},
  end: undefined,
  readLogs: async () => ({}),
  stop: () => {},
  save: async () => new Uint8Array(),
}

describe('a model checkpoint', () => {
  test('gives the bytes of every epoch, from which training goes on', async () => {
    const saved: [number, Uint8Array][] = []
    const classifier = makeClassifier()
    const callbacks = [
      modelCheckpoint({ write: (bytes, { epoch }) => void saved.push([epoch, bytes]) }),
    ]
    await classifier.fit(points, { batchSize, epochs: 3, callbacks })
    expect(saved.map(([epoch]) => epoch)).toEqual([1, 2, 3])
    const copy = makeClassifier()
    copy.load(saved[1]?.[1] ?? new Uint8Array())
    expect(copy.epoch).toBe(2)
    await copy.fit(points, { batchSize })
    expect(await stateOf(copy)).toEqual(await stateOf(classifier))
  })

  test('saves the best only, weights only, or within epochs', async () => {
    const best: number[] = []
    const { fit, model } = scripted([5, 6, 4, 4])
    let weights = new Uint8Array()
    await fit([
      modelCheckpoint({
        saveBestOnly: true,
        saveWeightsOnly: true,
        write: (bytes, { epoch }) => {
          best.push(epoch)
          weights = Uint8Array.from(bytes)
        },
      }),
    ])
    expect(best).toEqual([1, 3])
    importWeights(model, weights)
    expect(await model.apply(tensor([[1]])).array()).toEqual([[3]])

    const steps: string[] = []
    const write = (_: Uint8Array, { epoch, step }: TrainingEvent) =>
      void steps.push(`${epoch}.${step}`)
    await makeClassifier().fit(points, {
      batchSize: 4,
      epochs: 2,
      callbacks: [modelCheckpoint({ everySteps: 2, write })],
    })
    expect(steps).toEqual(['1.2', '1.4', '1.5', '2.2', '2.4', '2.5'])
  })

  test('is waited for, and refuses wrong options', async () => {
    const write = () => Promise.reject(new Error('disk full'))
    const fit = makeClassifier().fit(points, { callbacks: [modelCheckpoint({ write })] })
    await expect(fit).rejects.toThrow('disk full')
    expect(() => modelCheckpoint({ write, everySteps: 0 })).toThrow(ArgumentError)
    const unknown = modelCheckpoint({ write, saveBestOnly: true })
    await expect(makeClassifier().fit(points, { callbacks: [unknown] })).rejects.toThrow(/valLoss/)
  })
})

describe('the progress bar', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Steps that take 110 ms by the clock. */
  const passTime = () => {
    vi.setSystemTime(Date.now() + 110)
  }

  test('is a line per epoch, written over while it goes on', async () => {
    const written: string[] = []
    const slow: TrainingCallback = { onBatchEnd: passTime }
    await makeClassifier().fit(points, {
      batchSize,
      epochs: 2,
      callbacks: [slow, progressBar({ write: (text) => written.push(text) })],
    })
    expect(written).toHaveLength(8)
    expect(written[0]).toMatch(
      /^\rEpoch 1\/2 \[=======> {12}\] 1\/3, 0\.2 s left, loss \d\.\d{4}, accuracy \d\.\d{4}$/,
    )
    expect(written[3]).toMatch(
      /^\rEpoch 1\/2: 3 steps, 0\.3 s, loss \d\.\d{4}, accuracy \d\.\d{4} *\n$/,
    )
    expect(written[4]).toMatch(/^\rEpoch 2\/2 \[/)
  })

  test('does not know how many steps a stream has, and ends its line', async () => {
    const written: string[] = []
    const slow: TrainingCallback = {
      onBatchEnd: ({ step, stop }) => {
        passTime()
        if (step === 2) stop()
      },
    }
    await makeClassifier().fit([makePoints(4), makePoints(4), makePoints(4)], {
      callbacks: [slow, progressBar({ write: (text) => written.push(text) })],
    })
    expect(written[0]).toMatch(/^\rEpoch 1\/1 step 1, loss/)
    expect(written.at(-1)).toBe('\n')
  })
})
