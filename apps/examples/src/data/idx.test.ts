import { describe, expect, test } from 'vitest'
import { DataError } from './data-error.ts'
import { idxBytes } from './idx.testing.ts'
import { parseIdx } from './idx.ts'

describe('an IDX file', () => {
  test('written byte by byte', () => {
    const bytes = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255]
    const { shape, data } = parseIdx(Uint8Array.from(bytes), 2, 'file')
    expect(shape).toEqual([2, 3])
    expect([...data]).toEqual([1, 2, 3, 4, 5, 255])
  })

  test('with sizes that need all four bytes, in a view of a larger buffer', () => {
    const size = 0x01_02_03
    const larger = new Uint8Array(size + 13)
    larger.set([0, 0, 8, 1, 0, 1, 2, 3], 5)
    const { shape, data } = parseIdx(larger.subarray(5), 1, 'file')
    expect(shape).toEqual([size])
    expect(data.byteOffset).toBe(13)
  })

  test('without elements', () => {
    expect(parseIdx(idxBytes([0, 28, 28], []), 3, 'file').data.length).toBe(0)
  })
})

describe('what is refused', () => {
  const elements = [1, 2, 3, 4]
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ['an empty file', new Uint8Array(), 'truncated: 0 bytes, its magic number takes 4'],
    [
      'half a magic number',
      Uint8Array.from([0, 0, 8]),
      'truncated: 3 bytes, its magic number takes 4',
    ],
    [
      'another kind of file',
      Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d]),
      'wrong magic number 0x89504e47, wanted 0x00000802: this is no IDX file',
    ],
    [
      'elements of float32',
      idxBytes([2, 2], elements, { type: 13 }),
      'wrong magic number 0x00000d02, wanted 0x00000802: elements of float32 instead of uint8',
    ],
    [
      'elements of no known type',
      idxBytes([2, 2], elements, { type: 10 }),
      'wrong magic number 0x00000a02, wanted 0x00000802: elements of an unknown type instead of uint8',
    ],
    [
      'labels in place of images',
      idxBytes([4], elements),
      'wrong magic number 0x00000801, wanted 0x00000802: rank 1 instead of 2',
    ],
    [
      'a header cut off',
      idxBytes([2, 2], elements).subarray(0, 11),
      'truncated: 11 bytes, its header takes 12',
    ],
    [
      'elements cut off',
      idxBytes([2, 2], elements.slice(1)),
      'truncated: shape [2, 2] takes 16 bytes, the file has 15',
    ],
    [
      'bytes after the elements',
      idxBytes([2, 2], [...elements, 0]),
      'bytes left over: shape [2, 2] takes 16 bytes, the file has 17',
    ],
    [
      'sizes near 2^32',
      idxBytes([0xffffffff, 0xffffffff], elements),
      'truncated: shape [4294967295, 4294967295] takes 18446744065119617000 bytes, the file has 16',
    ],
  ]

  test.each(cases)('%s', (_, bytes, message) => {
    expect(() => parseIdx(bytes, 2, 'some/file')).toThrow(DataError)
    expect(() => parseIdx(bytes, 2, 'some/file')).toThrow(`some/file: ${message}`)
  })

  test('every length but the right one', () => {
    const whole = idxBytes([2, 2], elements)
    for (let length = 0; length < whole.length; length++) {
      expect(() => parseIdx(whole.subarray(0, length), 2, 'file')).toThrow(/^file: truncated/)
    }
  })
})
