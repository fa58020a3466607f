import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SafetensorsError, type SafetensorsTensor } from '../safetensors/index.ts'
import { FileError } from './file-error.ts'
import { readSafetensorsFile, writeSafetensorsFile } from './safetensors-file.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorweft-'))
  path = join(folder, 'w.safetensors')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const tensors = new Map<string, SafetensorsTensor>([
  ['weights', { dtype: 'float32', shape: [2, 1], data: new Float32Array([1, -2.5]) }],
  ['steps', { dtype: 'int32', shape: [], data: new Int32Array([600]) }],
])

describe('a safetensors file', () => {
  test('is read as it was written', async () => {
    await writeSafetensorsFile(path, tensors, { epochs: '5' })
    const file = await readSafetensorsFile(path)
    expect([...file.tensors]).toEqual([...tensors])
    expect(file.metadata).toEqual({ epochs: '5' })
  })

  test('that is missing is a FileError with its path', async () => {
    const read = readSafetensorsFile(path)
    await expect(read).rejects.toThrow(FileError)
    await expect(read).rejects.toThrow(`Cannot read ${path}: it does not exist.`)
    await expect(readSafetensorsFile(folder)).rejects.toThrow(
      `Cannot read ${folder}: it is a folder.`,
    )
  })

  test('that is damaged is a SafetensorsError with its path', async () => {
    await writeSafetensorsFile(path, tensors)
    truncateSync(path, 100)
    const read = readSafetensorsFile(path)
    await expect(read).rejects.toThrow(SafetensorsError)
    await expect(read).rejects.toThrow(path)
    writeFileSync(path, '')
    await expect(readSafetensorsFile(path)).rejects.toThrow(`${path}: The file has 0 bytes`)
  })

  test('stays as it was when the new tensors cannot be encoded', async () => {
    await writeSafetensorsFile(path, tensors)
    const before = readFileSync(path)
    const wrong = new Map<string, SafetensorsTensor>([
      ['w', { dtype: 'float32', shape: [3], data: new Float32Array(2) }],
    ])
    await expect(writeSafetensorsFile(path, wrong)).rejects.toThrow(SafetensorsError)
    expect(readFileSync(path)).toEqual(before)
    expect(readdirSync(folder)).toEqual(['w.safetensors'])
  })
})
