import { describe, expect, test } from 'vitest'
import {
  byteLengthOf,
  castNumber,
  createTypedArray,
  type DType,
  dtypes,
  isFloat,
  valuesIn,
  viewTypedArray,
} from './dtype.ts'

const { MAX_VALUE, NaN: nan, NEGATIVE_INFINITY, POSITIVE_INFINITY } = Number

describe('castNumber', () => {
  const cases: [dtype: DType, value: number, result: number][] = [
    ['float32', 0.1, Math.fround(0.1)],
    ['float32', 1e39, POSITIVE_INFINITY],
    ['float32', 1e-46, 0],
    ['float32', -0, -0],
    ['float32', nan, nan],
    ['float64', 0.1, 0.1],
    ['float64', MAX_VALUE, MAX_VALUE],
    ['int32', 2.9, 2],
    ['int32', -2.9, -2],
    ['int32', 2 ** 31, 2 ** 31 - 1],
    ['int32', -(2 ** 31) - 1, -(2 ** 31)],
    ['int32', 2 ** 31 - 0.5, 2 ** 31 - 1],
    ['int32', POSITIVE_INFINITY, 2 ** 31 - 1],
    ['int32', NEGATIVE_INFINITY, -(2 ** 31)],
    ['int32', nan, 0],
    ['uint8', 255.9, 255],
    ['uint8', 256, 255],
    ['uint8', -1, 0],
    ['uint8', POSITIVE_INFINITY, 255],
    ['uint8', nan, 0],
    ['bool', 0, 0],
    ['bool', -0, 0],
    ['bool', 0.1, 1],
    ['bool', -3, 1],
    ['bool', nan, 1],
  ]
  test.each(cases)('%s of %d is %d', (dtype, value, result) => {
    expect(castNumber(value, dtype)).toBe(result)
  })

  test('gives what a typed array of the dtype holds', () => {
    for (const dtype of dtypes) {
      for (const value of [0, -0.5, 0.5, 1e-50, 7.25, 200.7, 1e10, nan]) {
        const array = createTypedArray(dtype, 1)
        array[0] = castNumber(value, dtype)
        expect(array[0]).toBe(castNumber(value, dtype))
      }
    }
  })
})

describe('typed arrays', () => {
  test('are zeroed, of the given size and of the byte length of the dtype', () => {
    for (const dtype of dtypes) {
      const array = createTypedArray(dtype, 3)
      expect([...array]).toEqual([0, 0, 0])
      if (dtype === 'float16') continue
      expect(array.byteLength).toBe(byteLengthOf(dtype, 3))
      expect(byteLengthOf(dtype)).toBe(array.BYTES_PER_ELEMENT)
    }
  })

  test('of float16 have values on the host and bits in memory', () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x7c00, 0x0001)
    const values = [1, -2, POSITIVE_INFINITY, 2 ** -24]
    expect([...valuesIn('float16', bits.buffer, 0, 4)]).toEqual(values)
    expect(byteLengthOf('float16', 4)).toBe(bits.byteLength)
    expect(createTypedArray('float16', 4)).toBeInstanceOf(Float32Array)
  })

  test('view the bytes of a buffer', () => {
    const buffer = new ArrayBuffer(32)
    for (const dtype of dtypes) {
      const view = viewTypedArray(dtype, buffer, 8, 2)
      const like = dtype === 'float16' ? new Uint16Array(0) : createTypedArray(dtype, 0)
      expect(view.constructor).toBe(like.constructor)
      expect([view.buffer, view.byteOffset, view.length]).toEqual([buffer, 8, 2])
    }
  })
})

test('integers and bools are no floats', () => {
  expect(dtypes.filter(isFloat)).toEqual(['float32', 'float64', 'float16'])
})
