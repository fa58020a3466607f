import { float16Value } from './float16.ts'

/**
 * Element types. `float64` and `float16` exist on backends that declare them: the one for gradient
 * checks above all, the other to halve the bytes of what a GPU moves. Arithmetic on float16 is that
 * of float32 with each op's result rounded; sums are float32 until they are complete.
 */
export type DType = 'float32' | 'float64' | 'float16' | 'int32' | 'uint8' | 'bool'
export type FloatDType = 'float32' | 'float64' | 'float16'

/**
 * The JavaScript array that holds values of each dtype; bools are bytes 0 and 1. There are no
 * float16 on the host: their values are read as float32.
 */
export interface TypedArrays {
  float32: Float32Array
  float64: Float64Array
  float16: Float32Array
  int32: Int32Array
  uint8: Uint8Array
  bool: Uint8Array
}
export type TypedArrayOf<D extends DType> = TypedArrays[D]
/** Values, or the bits of float16. */
export type TypedArray = TypedArrayOf<DType> | Uint16Array
/** How elements lie in memory: float16 as its bits. */
export type StoredArrayOf<D extends DType> = D extends 'float16' ? Uint16Array : TypedArrays[D]

interface Constructor<T> {
  readonly BYTES_PER_ELEMENT: number
  new (size: number): T
  new (buffer: ArrayBufferLike, byteOffset: number, size: number): T
}

const constructors: { readonly [D in DType]: Constructor<TypedArrays[D]> } = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
}

/** What elements of a dtype lie in memory as. */
function storedAs(dtype: DType): Constructor<StoredArrayOf<DType>> {
  return dtype === 'float16' ? Uint16Array : constructors[dtype]
}

export const dtypes = Object.keys(constructors) as readonly DType[]

/** Bytes of `size` elements of `dtype`. */
export function byteLengthOf(dtype: DType, size = 1): number {
  return storedAs(dtype).BYTES_PER_ELEMENT * size
}

export function isFloat(dtype: DType): dtype is FloatDType {
  return dtype.startsWith('float')
}

/** dtypes that are computed with; float16 is only stored. */
export type ArithmeticDType = Exclude<DType, 'float16'>

/** The dtype of arithmetic on `dtype`. */
export function arithmeticOf(dtype: DType): ArithmeticDType {
  return dtype === 'float16' ? 'float32' : dtype
}

/** A new zeroed typed array for `size` values. */
export function createTypedArray<D extends DType>(dtype: D, size: number): TypedArrayOf<D> {
  return new constructors[dtype](size)
}

/** The values of `size` elements of `dtype` on `buffer`: a view but for float16. */
export function valuesIn<D extends DType>(
  dtype: D,
  buffer: ArrayBufferLike,
  byteOffset: number,
  size: number,
): TypedArrayOf<D>
export function valuesIn(
  dtype: DType,
  buffer: ArrayBufferLike,
  byteOffset: number,
  size: number,
): TypedArray {
  if (dtype !== 'float16') return viewTypedArray(dtype, buffer, byteOffset, size)
  return Float32Array.from(viewTypedArray(dtype, buffer, byteOffset, size), float16Value)
}

/** A view of `size` elements of `dtype` on `buffer`, which must be aligned to the element. */
export function viewTypedArray<D extends DType>(
  dtype: D,
  buffer: ArrayBufferLike,
  byteOffset: number,
  size: number,
): StoredArrayOf<D>
export function viewTypedArray(
  dtype: DType,
  buffer: ArrayBufferLike,
  byteOffset: number,
  size: number,
): StoredArrayOf<DType> {
  const Stored = storedAs(dtype)
  return new Stored(buffer, byteOffset, size)
}

/**
 * The nearest value that `dtype` holds: float to integer truncates and saturates, NaN gives 0,
 * anything non-zero (NaN included) is a true bool. float16 is rounded on the device only, here it
 * counts as float32.
 */
export function castNumber(value: number, dtype: DType): number {
  switch (dtype) {
    case 'float32':
    case 'float16':
      return Math.fround(value)
    case 'float64':
      return value
    case 'int32':
      return saturate(value, -(2 ** 31), 2 ** 31 - 1)
    case 'uint8':
      return saturate(value, 0, 255)
    case 'bool':
      return value === 0 ? 0 : 1
  }
}

/** The integer towards 0 within the bounds; 0 for NaN, never −0. */
function saturate(value: number, low: number, high: number): number {
  return Number.isNaN(value) ? 0 : Math.trunc(Math.min(Math.max(value, low), high)) + 0
}
