import { expect, test } from 'vitest'
import { ByteWriter, signedLeb, unsignedLeb } from './byte-writer.ts'

test('unsigned LEB128', () => {
  expect(unsignedLeb(0)).toEqual([0])
  expect(unsignedLeb(127)).toEqual([0x7f])
  expect(unsignedLeb(128)).toEqual([0x80, 0x01])
  expect(unsignedLeb(624_485)).toEqual([0xe5, 0x8e, 0x26])
  expect(unsignedLeb(2 ** 32 - 1)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f])
})

test('signed LEB128', () => {
  expect(signedLeb(0)).toEqual([0])
  expect(signedLeb(63)).toEqual([0x3f])
  expect(signedLeb(64)).toEqual([0xc0, 0x00])
  expect(signedLeb(-1)).toEqual([0x7f])
  expect(signedLeb(-64)).toEqual([0x40])
  expect(signedLeb(-65)).toEqual([0xbf, 0x7f])
  expect(signedLeb(-123_456)).toEqual([0xc0, 0xbb, 0x78])
  expect(signedLeb(-(2 ** 31))).toEqual([0x80, 0x80, 0x80, 0x80, 0x78])
})

test('names are UTF-8 after their length in bytes', () => {
  const writer = new ByteWriter()
  writer.name('aé→')
  expect([...writer.finish()]).toEqual([6, 0x61, 0xc3, 0xa9, 0xe2, 0x86, 0x92])
})

test('a sized part starts with its length', () => {
  const writer = new ByteWriter()
  writer.sized((inner) => inner.bytes(new Array(200).fill(7)))
  expect([...writer.finish().slice(0, 3)]).toEqual([0xc8, 0x01, 7])
  expect(writer.length).toBe(202)
})
