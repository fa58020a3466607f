import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpu } from '@tensorweft/backend-cpu'
import { key, setBackend } from '@tensorweft/core'
import { sgd } from '@tensorweft/optimizers'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SafetensorsError, TrainingError } from '../index.ts'
import { makeClassifier, makePoints, stateOf } from '../training/training.testing.ts'
import { FileError, fileCheckpoint, load, loadTrainer, save, saveTrainer } from './index.ts'

let folder = ''
let path = ''
beforeAll(async () => {
  await setBackend(cpu())
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorweft-trainer-'))
  path = join(folder, 'training.safetensors')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const points = makePoints(20)
const options = { batchSize: 8 }

describe('a training in a file', () => {
  test('goes on where it was', async () => {
    const [one, copy] = [makeClassifier(), makeClassifier()]
    await one.fit(points, options)
    await saveTrainer(one, path)
    await loadTrainer(copy, path)
    expect(copy.epoch).toBe(1)
    await one.fit(points, options)
    await copy.fit(points, options)
    expect(await stateOf(copy)).toEqual(await stateOf(one))
    expect(readdirSync(folder)).toEqual(['training.safetensors'])
  })

  test('that is damaged, foreign or missing is an error that names it', async () => {
    const trained = makeClassifier()
    await trained.fit(points, options)
    const before = await stateOf(trained)
    await expect(loadTrainer(trained, path)).rejects.toThrow(FileError)
    await save(trained.model, path)
    const foreign = loadTrainer(trained, path)
    await expect(foreign).rejects.toThrow(TrainingError)
    await expect(foreign).rejects.toThrow(
      `load ${path}: a file with metadata {"format":"tensorweft"}`,
    )
    const other = makeClassifier({ optimizer: sgd() })
    await other.fit(points, options)
    await saveTrainer(other, path)
    await expect(loadTrainer(trained, path)).rejects.toThrow(`load ${path}: 'optimizer.firstMoment`)
    writeFileSync(path, readFileSync(path).subarray(0, -4))
    const damaged = loadTrainer(trained, path)
    await expect(damaged).rejects.toThrow(SafetensorsError)
    await expect(damaged).rejects.toThrow(path)
    expect(await stateOf(trained)).toEqual(before)
  })

  test('cannot be written before the model is built', async () => {
    await expect(saveTrainer(makeClassifier(), path)).rejects.toThrow(TrainingError)
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('a file checkpoint', () => {
  test('writes one file over and over, or one per epoch', async () => {
    const trained = makeClassifier()
    await trained.fit(points, {
      ...options,
      epochs: 3,
      callbacks: [
        fileCheckpoint(path),
        fileCheckpoint(({ epoch }) => join(folder, `${epoch}.safetensors`), {
          saveWeightsOnly: true,
          saveBestOnly: true,
          monitor: 'loss',
        }),
      ],
    })
    const copy = makeClassifier()
    await loadTrainer(copy, path)
    expect(await stateOf(copy)).toEqual(await stateOf(trained))
    const files = readdirSync(folder)
    expect(files).toContain('1.safetensors')
    const other = makeClassifier().model
    other.build([4], key(0))
    await load(other, join(folder, '1.safetensors'))
  })

  test('that cannot be written ends the training', async () => {
    const fit = makeClassifier().fit(points, {
      callbacks: [fileCheckpoint(join(folder, 'none', 'x'))],
    })
    await expect(fit).rejects.toThrow(FileError)
  })
})
