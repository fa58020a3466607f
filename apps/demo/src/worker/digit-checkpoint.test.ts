import { key, setBackend } from 'tensorweft'
import { encodeSafetensors, exportWeights } from 'tensorweft/layers'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadCheckpoint, saveCheckpoint } from './digit-checkpoint.ts'
import { createDigitTraining } from './digit-training.ts'

beforeAll(async () => {
  await setBackend('cpu')
})

const settings = {
  architecture: 'conv',
  optimizer: 'adam',
  learningRate: 0.002,
  batchSize: 2,
} as const

/** Four images, of which each half is bright on one side. */
const data = {
  x: {
    data: Uint8Array.from({ length: 4 * 784 }, (_, i) => (i % 28 < 14 === i < 2 * 784 ? 255 : 0)),
    shape: [4, 784],
  },
  y: Int32Array.of(3, 3, 7, 7),
}

describe('a training in a file', () => {
  test('goes on as if it had not been away', async () => {
    const first = createDigitTraining(settings)
    await first.trainer.fit(data, { epochs: 2, batchSize: 2 })
    const second = loadCheckpoint(await saveCheckpoint(first))
    expect(second.settings).toEqual(settings)
    expect(second.trainer.epoch).toBe(2)
    for (const { trainer } of [first, second]) await trainer.fit(data, { batchSize: 2 })
    expect(await saveCheckpoint(second)).toEqual(await saveCheckpoint(first))
  })

  test('is told from other files', async () => {
    const { model, trainer } = createDigitTraining(settings, key(2))
    const notSavedHere = /not the weights of a training that was saved here/
    expect(() => loadCheckpoint(new Uint8Array(3))).toThrow(/3 bytes/)
    for (const bytes of [await exportWeights(model), await trainer.save()]) {
      expect(() => loadCheckpoint(bytes)).toThrow(notSavedHere)
    }
    const changes = [{ batchSize: 0.5 }, { learningRate: -1 }, { learningRate: '0.1' }]
    const unusable = changes.map((change) => JSON.stringify({ ...settings, ...change }))
    for (const wrong of ['{', '{}', ...unusable]) {
      const bytes = encodeSafetensors(new Map(), { settings: wrong })
      expect(() => loadCheckpoint(bytes)).toThrow(notSavedHere)
    }
  })
})
