import { describe, expect, test } from 'vitest'
import { decodeSafetensors } from './decode.ts'
import { encodeSafetensors } from './encode.ts'
import { SafetensorsError } from './safetensors-error.ts'
import { handMadeFile } from './safetensors-file.testing.ts'
import type { SafetensorsTensor } from './tensor.ts'

const bias: SafetensorsTensor = { dtype: 'float32', shape: [2], data: new Float32Array([1, -2.5]) }

describe('the bytes', () => {
  test('are those of the format', () => {
    // CRC-32 of `{"format":"x"}[["b","F32",[2]]]` and the data, by zlib.
    const json =
      '{"__metadata__":{"format":"x","tensorweft-crc32":"tensorweft-crc32:37900d40"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    const padded = json.padEnd(Math.ceil(json.length / 8) * 8)
    expect(encodeSafetensors(new Map([['b', bias]]), { format: 'x' })).toEqual(
      handMadeFile(padded, Uint8Array.from([0, 0, 128, 63, 0, 0, 32, 192])),
    )
  })

  test('hold the checksum alone where there is nothing', () => {
    const json = '{"__metadata__":{"tensorweft-crc32":"tensorweft-crc32:8dc6aa54"}}'
    expect(encodeSafetensors(new Map())).toEqual(
      handMadeFile(json.padEnd(Math.ceil(json.length / 8) * 8)),
    )
  })

  test('start every tensor at a multiple of its element size, header order kept', () => {
    const tensors = new Map<string, SafetensorsTensor>([
      ['10', { dtype: 'uint8', shape: [3], data: new Uint8Array([1, 2, 3]) }],
      ['b', { dtype: 'float64', shape: [], data: new Float64Array([4]) }],
      ['2', { dtype: 'float16', shape: [1], data: new Uint16Array([5]) }],
      ['d', { dtype: 'int32', shape: [1, 1], data: new Int32Array([6]) }],
    ])
    const file = encodeSafetensors(tensors)
    const headerLength = Number(new DataView(file.buffer).getBigUint64(0, true))
    expect(headerLength % 8).toBe(0)
    const header: unknown = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headerLength)))
    expect(header).toMatchObject({
      b: { data_offsets: [0, 8] },
      d: { data_offsets: [8, 12] },
      2: { data_offsets: [12, 14] },
      10: { data_offsets: [14, 17] },
    })
    expect([...decodeSafetensors(file).tensors.keys()]).toEqual(['10', 'b', '2', 'd'])
  })

  test('hold the elements of a view, not of the buffer under it', () => {
    const data = new Float32Array([9, 1, 2, 9]).subarray(1, 3)
    const file = encodeSafetensors(new Map([['w', { dtype: 'float32', shape: [2], data }]]))
    expect(decodeSafetensors(file).tensors.get('w')?.data).toEqual(new Float32Array([1, 2]))
  })
})

describe('what cannot be written', () => {
  const encode =
    (tensor: SafetensorsTensor, name = 'w') =>
    () =>
      encodeSafetensors(new Map([[name, tensor]]))
  const cases: readonly (readonly [string, () => unknown, RegExp])[] = [
    ['the reserved name', encode(bias, '__metadata__'), /No tensor can be named "__metadata__"/],
    ['half a surrogate pair', encode(bias, '\udc00'), /not valid Unicode/],
    [
      'too few elements',
      encode({ ...bias, shape: [3] }),
      /"w" of shape \[3\] holds 8 bytes, not 12/,
    ],
    ['a negative size', encode({ ...bias, shape: [-2] }), /no list of non-negative integers/],
    ['a fractional size', encode({ ...bias, shape: [0.5, 4] }), /no list of non-negative integers/],
    [
      'a bool of 3',
      encode({ dtype: 'bool', shape: [1], data: new Uint8Array([3]) }),
      /Element 0 of bool/,
    ],
    [
      'half a byte',
      encode({ dtype: 'F4', shape: [1], data: new Uint8Array([3]) }),
      /holds 1 bytes, not a whole number/,
    ],
    // A program without types can pass any dtype and any array.
    ['an unknown dtype', encode(JSON.parse('{"dtype":"F32","shape":[0]}')), /unknown dtype "F32"/],
    [
      'another array',
      encode(Object.assign({}, bias, { data: new Int32Array(2) })),
      /a Int32Array, not a Float32Array/,
    ],
  ]

  test.each(cases)('%s', (_, write, message) => {
    expect(write).toThrow(SafetensorsError)
    expect(write).toThrow(message)
  })

  test('metadata that is no text', () => {
    const metadata: Record<string, string> = JSON.parse('{"epoch":3}')
    expect(() => encodeSafetensors(new Map(), metadata)).toThrow(/"epoch" of __metadata__/)
  })
})
