import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpu } from '@tensorweft/backend-cpu'
import { key, setBackend, tensor } from '@tensorweft/core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dense, exportWeights, SafetensorsError, sequential, WeightsError } from '../index.ts'
import { withFlippedBits } from '../safetensors/safetensors-file.testing.ts'
import { FileError, load, save } from './index.ts'

let folder = ''
beforeAll(async () => {
  await setBackend(cpu())
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorweft-save-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function makeModel(units: number, seed: number) {
  const model = sequential(dense({ units }))
  model.build([4], key(seed))
  return model
}

describe('a saved model', () => {
  test('is loaded with all its weights', async () => {
    const path = join(folder, 'model.safetensors')
    const [trained, copy] = [makeModel(3, 1), makeModel(3, 2)]
    await save(trained, path)
    expect([...readFileSync(path)]).toEqual([...(await exportWeights(trained))])
    await load(copy, path)
    const x = tensor([[1, 2, 3, 4]])
    expect(await copy.apply(x).array()).toEqual(await trained.apply(x).array())
    expect(readdirSync(folder)).toEqual(['model.safetensors'])
  })

  test('of another form, a damaged or a missing file are errors that name it', async () => {
    const path = join(folder, 'other.safetensors')
    await save(makeModel(2, 1), path)
    const other = load(makeModel(3, 1), path)
    await expect(other).rejects.toThrow(WeightsError)
    await expect(other).rejects.toThrow(`load ${path}: 'dense.kernel' is [4, 2]`)
    writeFileSync(path, readFileSync(path).subarray(0, -4))
    const damaged = load(makeModel(2, 1), path)
    await expect(damaged).rejects.toThrow(SafetensorsError)
    await expect(damaged).rejects.toThrow(path)
    await expect(load(makeModel(2, 1), join(folder, 'none'))).rejects.toThrow(FileError)
  })

  test('with any flipped bit is refused and leaves the model as it was', async () => {
    const path = join(folder, 'damaged.safetensors')
    await save(makeModel(3, 1), path)
    const saved = readFileSync(path)
    const model = makeModel(3, 2)
    const before = await exportWeights(model)
    for (const damaged of withFlippedBits(saved, 200)) {
      writeFileSync(path, damaged)
      await expect(load(model, path)).rejects.toThrow(SafetensorsError)
    }
    expect(await exportWeights(model)).toEqual(before)
  })

  test('cannot be written before it is built; nothing appears', async () => {
    const path = join(folder, 'unbuilt.safetensors')
    await expect(save(sequential(dense({ units: 1 })), path)).rejects.toThrow(WeightsError)
    await expect(save(makeModel(1, 1), join(folder, 'no', 'x'))).rejects.toThrow(FileError)
    expect(readdirSync(folder)).not.toContain('unbuilt.safetensors')
  })
})
