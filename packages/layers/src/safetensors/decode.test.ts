import { describe, expect, test } from 'vitest'
import { decodeSafetensors } from './decode.ts'
import { SafetensorsError } from './safetensors-error.ts'
import { handMadeFile } from './safetensors-file.testing.ts'

function decode(header: unknown, data: readonly number[] = []) {
  return decodeSafetensors(handMadeFile(JSON.stringify(header), Uint8Array.from(data)))
}

function f32(begin: number, end: number, shape: readonly number[] = [(end - begin) / 4]) {
  return { dtype: 'F32', shape, data_offsets: [begin, end] }
}

describe('what a file holds', () => {
  test('reads a file written byte by byte', () => {
    const header = '{"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}  '
    const data = [0, 0, 128, 63, 0, 0, 32, 192] // 1 and -2.5, little-endian
    const { tensors, metadata } = decodeSafetensors(handMadeFile(header, Uint8Array.from(data)))
    expect([...tensors]).toEqual([
      ['w', { dtype: 'float32', shape: [1, 2], data: new Float32Array([1, -2.5]) }],
    ])
    expect(metadata).toEqual({})
  })

  test('reads every dtype of the framework and leaves the others as bytes', () => {
    const entry = (dtype: string, begin: number, end: number) => ({
      dtype,
      shape: [1],
      data_offsets: [begin, end],
    })
    const { tensors } = decode(
      {
        a: entry('F64', 0, 8),
        b: entry('I32', 8, 12),
        c: entry('F16', 12, 14),
        d: entry('U8', 14, 15),
        e: entry('BOOL', 15, 16),
        f: entry('BF16', 16, 18),
      },
      [0, 0, 0, 0, 0, 0, 240, 63, 254, 255, 255, 255, 0, 60, 200, 1, 128, 63],
    )
    expect(Object.fromEntries(tensors)).toEqual({
      a: { dtype: 'float64', shape: [1], data: new Float64Array([1]) },
      b: { dtype: 'int32', shape: [1], data: new Int32Array([-2]) },
      c: { dtype: 'float16', shape: [1], data: new Uint16Array([0x3c00]) },
      d: { dtype: 'uint8', shape: [1], data: new Uint8Array([200]) },
      e: { dtype: 'bool', shape: [1], data: new Uint8Array([1]) },
      f: { dtype: 'BF16', shape: [1], data: new Uint8Array([128, 63]) },
    })
  })

  test('reads scalars, empty tensors, metadata and a file without tensors', () => {
    const file = decode(
      { __metadata__: { format: 'pt' }, empty: f32(0, 0, [0, 3]), scalar: f32(0, 4, []) },
      [0, 0, 128, 63],
    )
    expect(file.metadata).toEqual({ format: 'pt' })
    expect(file.tensors.get('empty')).toEqual({
      dtype: 'float32',
      shape: [0, 3],
      data: new Float32Array(),
    })
    expect(file.tensors.get('scalar')?.data).toEqual(new Float32Array([1]))
    expect(decode({}).tensors.size).toBe(0)
  })

  test('takes data in any order and keeps the order of the header', () => {
    const { tensors } = decode(
      { 10: f32(4, 8), b: f32(0, 4), 2: f32(8, 12) },
      new Array(12).fill(0),
    )
    // JavaScript itself moves integer names to the front, so JSON.stringify wrote 2 first.
    expect([...tensors.keys()]).toEqual(['2', '10', 'b'])
    const header = `{"b":${JSON.stringify(f32(0, 4))},"10":${JSON.stringify(f32(4, 8))}}`
    const file = decodeSafetensors(handMadeFile(header, new Uint8Array(8)))
    expect([...file.tensors.keys()]).toEqual(['b', '10'])
  })

  test('takes a view into a larger buffer, unaligned, and returns copies', () => {
    const file = handMadeFile(JSON.stringify({ w: f32(0, 4) }), Uint8Array.from([0, 0, 128, 63]))
    const larger = new Uint8Array(file.byteLength + 7)
    larger.set(file, 3)
    const view = Buffer.from(larger.buffer, 3, file.byteLength)
    const { tensors } = decodeSafetensors(view)
    view.fill(0)
    expect(tensors.get('w')?.data).toEqual(new Float32Array([1]))
  })

  test('takes names that JavaScript objects treat specially', () => {
    const header = `{"__proto__":${JSON.stringify(f32(0, 4))},"a\\"b\\\\":${JSON.stringify(f32(4, 8))}}`
    const { tensors } = decodeSafetensors(handMadeFile(header, new Uint8Array(8)))
    expect([...tensors.keys()]).toEqual(['__proto__', 'a"b\\'])
  })
})

describe('damaged files', () => {
  const data = new Array<number>(8).fill(0)
  const entry = JSON.stringify(f32(0, 8))
  const cases: readonly (readonly [string, () => unknown, RegExp])[] = [
    ['nothing', () => decodeSafetensors(new Uint8Array()), /has 0 bytes/],
    ['half a length', () => decodeSafetensors(new Uint8Array(7)), /has 7 bytes/],
    ['no header', () => decodeSafetensors(new Uint8Array(8)), /does not start with "\{"/],
    [
      'a header beyond the end',
      () => decodeSafetensors(handMadeFile('{}', undefined, 3n)),
      /takes 3 bytes and 2 follow/,
    ],
    [
      'a header of 2^63 bytes',
      () => decodeSafetensors(handMadeFile('{}', undefined, 2n ** 63n)),
      /takes 9223372036854775808 bytes/,
    ],
    ['a space before the header', () => decodeSafetensors(handMadeFile(' {}')), /does not start/],
    ['a byte order mark', () => decodeSafetensors(handMadeFile('\ufeff{}')), /does not start/],
    [
      'bad UTF-8',
      () => decodeSafetensors(handMadeFile(Uint8Array.from([0x7b, 0xff, 0x7d]))),
      /UTF-8/,
    ],
    ['bad JSON', () => decodeSafetensors(handMadeFile('{"w":')), /not valid JSON/],
    ['JSON with a tail', () => decodeSafetensors(handMadeFile('{}{}')), /not valid JSON/],
    [
      'a name twice',
      () => decodeSafetensors(handMadeFile(`{"w":${entry},"\\u0077":${entry}}`)),
      /names "w" twice/,
    ],
    [
      'a field twice',
      () => decodeSafetensors(handMadeFile('{"w":{"shape":[1],"shape":[2]}}')),
      /names "shape" twice/,
    ],
    ['metadata that is text', () => decode({ __metadata__: 'pt' }), /__metadata__ is no object/],
    [
      'metadata that is a number',
      () => decode({ __metadata__: { epoch: 3 } }),
      /"epoch" of __metadata__/,
    ],
    ['an entry that is a list', () => decode({ w: [] }), /entry of tensor "w" is no object/],
    [
      'a dtype missing',
      () => decode({ w: { shape: [2], data_offsets: [0, 8] } }, data),
      /dtype of tensor "w"/,
    ],
    [
      'a dtype unknown',
      () => decode({ w: { ...f32(0, 8), dtype: 'F128' } }, data),
      /is "F128", which is unknown/,
    ],
    [
      'a dtype of an object',
      () => decode({ w: { ...f32(0, 8), dtype: 'toString' } }, data),
      /unknown/,
    ],
    [
      'a dtype in lower case',
      () => decode({ w: { ...f32(0, 8), dtype: 'float32' } }, data),
      /unknown/,
    ],
    [
      'a shape missing',
      () => decode({ w: { dtype: 'F32', data_offsets: [0, 8] } }, data),
      /shape of tensor "w"/,
    ],
    ['a negative size', () => decode({ w: f32(0, 8, [-2]) }, data), /shape of tensor "w"/],
    [
      'a size of negative zero',
      () =>
        decodeSafetensors(handMadeFile('{"w":{"dtype":"U8","shape":[-0],"data_offsets":[0,0]}}')),
      /shape of tensor "w"/,
    ],
    ['a fractional size', () => decode({ w: f32(0, 8, [1.5]) }, data), /shape of tensor "w"/],
    [
      'a size of text',
      () => decode({ w: { ...f32(0, 8), shape: ['2'] } }, data),
      /shape of tensor "w"/,
    ],
    [
      'sizes beyond 2^53',
      () => decode({ w: f32(0, 8, [2 ** 40, 2 ** 40]) }, data),
      /no whole number of bytes/,
    ],
    [
      'sizes beyond 2^53 times 0',
      () => decode({ w: f32(0, 0, [2 ** 40, 2 ** 40, 0]) }),
      /no whole number/,
    ],
    [
      'half a byte',
      () => decode({ w: { dtype: 'F4', shape: [3], data_offsets: [0, 2] } }, [0, 0]),
      /no whole number of bytes/,
    ],
    [
      'offsets missing',
      () => decode({ w: { dtype: 'F32', shape: [2] } }, data),
      /data_offsets of tensor "w"/,
    ],
    ['one offset', () => decode({ w: { ...f32(0, 8), data_offsets: [0] } }, data), /data_offsets/],
    [
      'three offsets',
      () => decode({ w: { ...f32(0, 8), data_offsets: [0, 8, 8] } }, data),
      /data_offsets/,
    ],
    [
      'offsets reversed',
      () => decode({ w: { ...f32(0, 8), data_offsets: [8, 0] } }, data),
      /data_offsets/,
    ],
    [
      'offsets too close',
      () => decode({ w: f32(0, 4, [2]) }, data),
      /takes 8 bytes, its offsets span 4/,
    ],
    ['data cut off', () => decode({ w: f32(0, 8) }, data.slice(1)), /truncated/],
    ['data left over', () => decode({ w: f32(0, 8) }, [...data, 0]), /rest belongs to none/],
    ['a gap at the start', () => decode({ w: f32(4, 8) }, data), /"w" leaves a gap/],
    [
      'a gap between',
      () => decode({ a: f32(0, 4), b: f32(8, 12) }, [...data, ...data]),
      /"b" leaves a gap/,
    ],
    ['an overlap', () => decode({ a: f32(0, 8), b: f32(4, 8) }, data), /"b" overlaps/],
    ['the same bytes twice', () => decode({ a: f32(0, 8), b: f32(0, 8) }, data), /"b" overlaps/],
    [
      'an empty tensor inside another',
      () => decode({ a: f32(0, 8), b: f32(4, 4, [0]) }, data),
      /"b" overlaps/,
    ],
    [
      'a bool of 2',
      () => decode({ b: { dtype: 'BOOL', shape: [3], data_offsets: [0, 3] } }, [0, 1, 2]),
      /Element 2 of bool tensor "b" is 2/,
    ],
    [
      'half a surrogate pair',
      () => decodeSafetensors(handMadeFile(`{"\\ud800":${entry}}`, Uint8Array.from(data))),
      /not valid Unicode/,
    ],
  ]

  test.each(cases)('%s', (_, read, message) => {
    expect(read).toThrow(SafetensorsError)
    expect(read).toThrow(message)
  })

  test('messages are one short line, whatever the file says', () => {
    const name = 'w\n'.repeat(10_000)
    const shape = new Array<number>(10_000).fill(1)
    expect(() => decode({ [name]: f32(0, 8, shape) }, data)).toThrow(/^.{0,250}$/)
  })

  test('a header nested a million deep is an error, not a stack overflow', () => {
    const header = `{"w":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`
    expect(() => decodeSafetensors(handMadeFile(header))).toThrow(SafetensorsError)
  })
})
