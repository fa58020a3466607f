import { expect, test } from 'vitest'
import { float16Bits, float16Value } from './float16.ts'

test.each([
  [0x0000, 0],
  [0x8000, -0],
  [0x3c00, 1],
  [0xc000, -2],
  [0x3555, 0.333251953125],
  [0x7bff, 65504],
  [0x0400, 2 ** -14],
  [0x0001, 2 ** -24],
  [0x03ff, 1023 * 2 ** -24],
  [0x7c00, Number.POSITIVE_INFINITY],
  [0xfc00, Number.NEGATIVE_INFINITY],
  [0x7e00, Number.NaN],
])('bits %i are %d', (bits, value) => {
  expect(float16Value(bits)).toBe(value)
  expect(float16Bits(value)).toBe(bits)
})

test('every float16 is what its bits say', () => {
  for (let bits = 0; bits < 2 ** 16; bits++) {
    const value = float16Value(bits)
    if (!Number.isNaN(value)) expect(float16Bits(value)).toBe(bits)
  }
})

test('numbers between two go to the nearest, halfway to the even one', () => {
  for (let bits = 0; bits < 0x7bff; bits++) {
    const [low, high] = [float16Value(bits), float16Value(bits + 1)]
    const middle = (low + high) / 2
    expect(float16Bits(middle)).toBe(bits + (bits % 2))
    expect(float16Bits(middle - (high - low) / 1024)).toBe(bits)
    expect(float16Bits(-middle - (high - low) / 1024)).toBe(0x8000 + bits + 1)
  }
})

test('what is too large becomes infinite', () => {
  expect(float16Bits(65_519.9)).toBe(0x7bff)
  expect(float16Bits(65_520)).toBe(0x7c00)
  expect(float16Bits(-1e30)).toBe(0xfc00)
})
