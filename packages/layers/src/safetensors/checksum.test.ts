import { describe, expect, test } from 'vitest'
import { decodeSafetensors } from './decode.ts'
import { encodeSafetensors } from './encode.ts'
import { SafetensorsError } from './safetensors-error.ts'
import { handMadeFile, withFlippedBit } from './safetensors-file.testing.ts'
import type { SafetensorsTensor } from './tensor.ts'

const tensors = new Map<string, SafetensorsTensor>([
  ['w', { dtype: 'float32', shape: [1, 0, 2], data: new Float32Array() }],
  ['b', { dtype: 'int32', shape: [2, 1], data: new Int32Array([0, 7]) }],
  ['10', { dtype: 'uint8', shape: [9], data: new Uint8Array(9).fill(0x20) }],
])
const metadata = { training: '{"epochs":1}', 10: 'ä' }

/** The parts of a file that `encodeSafetensors` made. */
function split(file: Uint8Array): { header: string; data: Uint8Array } {
  const length = new DataView(file.buffer).getUint32(0, true)
  const header = new TextDecoder().decode(file.subarray(8, 8 + length))
  return { header, data: file.subarray(8 + length) }
}

describe('the checksum', () => {
  test('refuses every single flipped bit', () => {
    const file = encodeSafetensors(tensors, metadata)
    expect(decodeSafetensors(file)).toEqual({ tensors, metadata })
    for (let bit = 0; bit < file.byteLength * 8; bit += 1) {
      expect(() => decodeSafetensors(withFlippedBit(file, bit)), `bit ${bit}`).toThrow(
        SafetensorsError,
      )
    }
  })

  test('covers names, shapes and metadata, and says so', () => {
    const { header, data } = split(encodeSafetensors(tensors, metadata))
    for (const [from, to] of [
      ['"w"', '"v"'],
      ['[2,1]', '[1,2]'],
      ['"U8"', '"I8"'],
      ['epochs', 'steps'],
      ['"10":"ä",', ''],
    ] as const) {
      const changed = header.replace(from, to)
      expect(changed).not.toBe(header)
      expect(() => decodeSafetensors(handMadeFile(changed, data))).toThrow(
        /does not fit its checksum/,
      )
    }
  })

  test('is that of the content, in whatever order other programs write it', () => {
    const { header, data } = split(encodeSafetensors(tensors, metadata))
    const { __metadata__: notes, ...entries } = JSON.parse(header)
    const reversed = (from: object) => Object.fromEntries(Object.entries(from).reverse())
    const json = JSON.stringify({ ...reversed(entries), __metadata__: reversed(notes) }, null, 1)
    expect(decodeSafetensors(handMadeFile(json, data))).toEqual({ tensors, metadata })
  })

  test('is not asked of files that have none, nor kept from those that were read', () => {
    const { header, data } = split(encodeSafetensors(tensors, metadata))
    const foreign = header.replace(/,"tensorweft-crc32":"[^"]*"/, '')
    expect(foreign).not.toContain('crc32')
    expect(decodeSafetensors(handMadeFile(foreign, data))).toEqual({ tensors, metadata })
    const stale = encodeSafetensors(tensors, { ...metadata, 'tensorweft-crc32': 'x' })
    expect(decodeSafetensors(stale)).toEqual({ tensors, metadata })
  })
})
