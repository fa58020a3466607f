import { cpu } from '@tensorweft/backend-cpu'
import { key, ShapeError, setBackend, sparseSoftmaxCrossEntropy } from '@tensorweft/core'
import { adam, sgd } from '@tensorweft/optimizers'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  accuracy,
  conv2d,
  decodeSafetensors,
  dense,
  encodeSafetensors,
  exportWeights,
  SafetensorsError,
  sequential,
  TrainingError,
  trainer,
  WeightsError,
} from '../index.ts'
import { withFlippedBits } from '../safetensors/safetensors-file.testing.ts'
import { makeClassifier, makeModel, makePoints, stateOf } from './training.testing.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const points = makePoints(24)

/** A trainer in the middle of an epoch. */
async function interrupted() {
  const classifier = makeClassifier()
  await classifier.fit(points, {
    batchSize: 8,
    epochs: 2,
    callbacks: [
      {
        onBatchEnd: (event) => {
          if (event.epoch === 2) event.stop()
        },
      },
    ],
  })
  return classifier
}

describe('what is saved', () => {
  test('has weights, state of the optimiser, keys, sums and the position', async () => {
    const { tensors, metadata } = decodeSafetensors(await (await interrupted()).save())
    expect([...tensors.keys()]).toEqual([
      'model.dense.kernel',
      'model.dense.bias',
      'model.dense_1.kernel',
      'model.dense_1.bias',
      'optimizer.step',
      'optimizer.learningRate',
      ...['firstMoment', 'secondMoment'].flatMap((slot) =>
        ['dense.kernel', 'dense.bias', 'dense_1.kernel', 'dense_1.bias'].map(
          (path) => `optimizer.${slot}.${path}`,
        ),
      ),
      'trainer.key',
      'trainer.stepCount',
      'trainer.orderKey',
      'trainer.totals',
    ])
    expect(metadata).toMatchObject({ format: 'tensorweft-training', version: '1' })
    expect(JSON.parse(metadata.training ?? '')).toEqual({
      position: {
        epochs: 1,
        begun: {
          steps: 1,
          samples: 8,
          sampleCount: 24,
          order: [expect.any(Number), expect.any(Number)],
        },
      },
      input: { shape: [4], dtype: 'float32' },
      measures: ['loss', 'accuracy'],
    })
  })

  test('is of the moment of the call', async () => {
    const classifier = makeClassifier()
    let saved: Promise<Uint8Array> | undefined
    await classifier.fit(points, {
      batchSize: 8,
      callbacks: [
        {
          onBatchEnd: ({ step, save }) => {
            if (step === 2) saved = save()
          },
        },
      ],
    })
    const copy = makeClassifier()
    copy.load((await saved) ?? new Uint8Array())
    expect(copy.step).toBe(2)
    expect((await stateOf(copy)).tensors['optimizer.step']).toEqual([2])
    await copy.fit(points, { batchSize: 8 })
    expect(await stateOf(copy)).toEqual(await stateOf(classifier))
  })

  test('before the first step is a beginning', async () => {
    const [one, copy] = [makeClassifier(), makeClassifier({ from: key(99) })]
    await expect(one.save()).rejects.toThrow(TrainingError)
    one.model.build([4], key(1))
    copy.model.build([4], key(2))
    copy.load(await one.save())
    await one.fit(points)
    await copy.fit(points)
    expect(await stateOf(copy)).toEqual(await stateOf(one))
  })
})

describe('what does not fit leaves everything as it was:', () => {
  const refuse = async (
    bytes: Uint8Array,
    error: new (...args: never[]) => Error,
    text: RegExp,
  ) => {
    const own = makeClassifier()
    await own.fit(makePoints(9))
    const before = await stateOf(own)
    expect(() => own.load(bytes)).toThrow(error)
    expect(() => own.load(bytes)).toThrow(text)
    expect(await stateOf(own)).toEqual(before)
    expect(own.epoch).toBe(1)
  }

  test('damaged bytes', async () => {
    const bytes = await (await interrupted()).save()
    await refuse(bytes.subarray(0, -1), SafetensorsError, /trainer\.load: .*truncated/)
    await refuse(bytes.subarray(1), SafetensorsError, /trainer\.load/)
    await refuse(new Uint8Array(), SafetensorsError, /0 bytes/)
  })

  test('no bytes', async () => {
    const bytes = (await interrupted()).save()
    await refuse(bytes as never, SafetensorsError, /trainer.load: Got \[object Promise\]/)
  })

  test('any flipped bit', async () => {
    const own = makeClassifier()
    await own.fit(makePoints(9))
    const before = await own.save()
    for (const damaged of withFlippedBits(await (await interrupted()).save(), 200)) {
      expect(() => own.load(damaged)).toThrow(SafetensorsError)
    }
    expect(await own.save()).toEqual(before)
  })

  test('weights alone', async () => {
    const model = makeModel()
    model.build([4], key(0))
    const bytes = await exportWeights(model)
    await refuse(
      bytes,
      TrainingError,
      /"format":"tensorweft"}; wanted format 'tensorweft-training'/,
    )
    await refuse(encodeSafetensors(new Map()), TrainingError, /metadata {}; wanted format/)
  })

  test('another version, or metadata that make no sense', async () => {
    const { tensors, metadata } = decodeSafetensors(await (await interrupted()).save())
    const withMetadata = (change: Record<string, string>) =>
      encodeSafetensors(tensors, { ...metadata, ...change })
    await refuse(
      withMetadata({ version: '2' }),
      TrainingError,
      /"version":"2".*wanted .* version 1/,
    )
    const wrong = [
      'x',
      '{}',
      JSON.stringify({ position: { epochs: -1 }, measures: [] }),
      JSON.stringify({ position: { epochs: 1, begun: { steps: 1 } }, measures: [] }),
      JSON.stringify({
        position: { epochs: 1, begun: { steps: 1, samples: 9, sampleCount: 8 } },
        measures: [],
      }),
      JSON.stringify({
        position: { epochs: 1, begun: { steps: 1, samples: 8, order: [0.5, 1] } },
        measures: [],
      }),
      JSON.stringify({ position: { epochs: 1 }, input: { shape: [4], dtype: 'f' }, measures: [] }),
      JSON.stringify({ position: { epochs: 1 }, measures: 'loss' }),
    ]
    for (const training of wrong) {
      await refuse(withMetadata({ training }), TrainingError, /as trainer.save writes it/)
    }
  })

  test('another model, optimiser or other metrics', async () => {
    const model = sequential(dense({ units: 3 }))
    model.build([4], key(1))
    const loss = sparseSoftmaxCrossEntropy
    const smaller = trainer({ model, loss, optimizer: adam(), metrics: { accuracy } })
    await refuse(await smaller.save(), WeightsError, /'model\.dense\.kernel' is \[4, 3\]/)
    const other = makeClassifier({ optimizer: sgd() })
    other.model.build([4], key(0))
    await refuse(await other.save(), WeightsError, /'optimizer\.firstMoment/)
    const unmeasured = trainer({ model: makeModel(), loss, optimizer: adam() })
    await unmeasured.fit(points, {
      batchSize: 8,
      callbacks: [{ onBatchEnd: (event) => event.stop() }],
    })
    await refuse(await unmeasured.save(), TrainingError, /measures loss; wanted .* loss, accuracy/)
  })
})

describe('a model that was not built', () => {
  const train = async (...units: number[]) => {
    const trained = trainer({
      model: sequential(...units.map((each) => dense({ units: each }))),
      loss: sparseSoftmaxCrossEntropy,
      optimizer: adam(),
      metrics: { accuracy },
    })
    await trained.fit(points)
    return trained.save()
  }

  test.each([[[3]], [[8, 4]], [[8, 3, 3]]])('stays so where weights differ: %j', async (units) => {
    const bytes = await train(...units)
    const [own, other] = [makeClassifier(), makeClassifier()]
    expect(() => own.load(bytes)).toThrow(WeightsError)
    expect(() => own.load(bytes)).toThrow(/'model\.dense.* is /)
    expect(own.model.variables).toEqual({})
    const { x, y } = points
    const twice = Float32Array.from({ length: 2 * x.data.length }, (_, i) => x.data[i >> 1] ?? 0)
    const wider = { x: { data: twice, shape: [24, 8] }, y }
    await own.fit(wider)
    await other.fit(wider)
    expect(await stateOf(own)).toEqual(await stateOf(other))
  })

  test('stays so where a layer does not take the inputs of the file', async () => {
    const bytes = await train(3)
    const model = sequential(dense({ units: 8 }), conv2d({ filters: 2, kernelSize: 1 }))
    const own = trainer({ model, loss: sparseSoftmaxCrossEntropy, optimizer: adam() })
    expect(() => own.load(bytes)).toThrow(ShapeError)
    expect(model.variables).toEqual({})
    expect(() => model.summary()).toThrow(/not built/)
    expect(model.build([4, 4, 1], key(1))).toEqual([4, 4, 2])
  })
})

test('nothing is loaded while a call trains', async () => {
  const bytes = await (await interrupted()).save()
  const classifier = makeClassifier()
  const running = classifier.fit(points)
  expect(() => classifier.load(bytes)).toThrow(TrainingError)
  await expect(classifier.fit(points)).rejects.toThrow('a trainer that is training')
  await running
  classifier.load(bytes)
  expect([classifier.epoch, classifier.step]).toEqual([1, 1])
})

test.each(['at the end of an epoch', 'in the middle of one'])(
  'a snapshot %s outlives the backend that it was taken on',
  async (moment) => {
    const lost = cpu()
    await setBackend(lost)
    const classifier = moment === 'in the middle of one' ? await interrupted() : makeClassifier()
    if (classifier.epoch === 0) await classifier.fit(points, { batchSize: 8 })
    const snapshot = await classifier.save()
    await lost.dispose()
    await setBackend(cpu())
    classifier.load(snapshot)
    await classifier.fit(points, { batchSize: 8, epochs: 2 })
    const other = makeClassifier()
    other.load(snapshot)
    await other.fit(points, { batchSize: 8, epochs: 2 })
    expect(await stateOf(classifier)).toEqual(await stateOf(other))
  },
)
