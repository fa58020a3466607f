/** Element types. `float64` exists on backends that declare it, for gradient checks above all. */
export type DType = 'float32' | 'float64' | 'int32' | 'uint8' | 'bool'
export type FloatDType = 'float32' | 'float64'

/** The JavaScript array that holds each dtype; bools are bytes 0 and 1. */
export interface TypedArrays {
  float32: Float32Array
  float64: Float64Array
  int32: Int32Array
  uint8: Uint8Array
  bool: Uint8Array
}
export type TypedArrayOf<D extends DType> = TypedArrays[D]
export type TypedArray = TypedArrayOf<DType>

const bytesPerElement: Readonly<Record<DType, number>> = {
  float32: 4,
  float64: 8,
  int32: 4,
  uint8: 1,
  bool: 1,
}

export const dtypes = Object.keys(bytesPerElement) as readonly DType[]

/** Bytes of `size` elements of `dtype`. */
export function byteLengthOf(dtype: DType, size = 1): number {
  return bytesPerElement[dtype] * size
}

export function isFloat(dtype: DType): dtype is FloatDType {
  return dtype === 'float32' || dtype === 'float64'
}

/** A new zeroed typed array of `size` elements. */
export function createTypedArray<D extends DType>(dtype: D, size: number): TypedArrayOf<D>
export function createTypedArray(dtype: DType, size: number): TypedArray {
  switch (dtype) {
    case 'float32':
      return new Float32Array(size)
    case 'float64':
      return new Float64Array(size)
    case 'int32':
      return new Int32Array(size)
    case 'uint8':
    case 'bool':
      return new Uint8Array(size)
  }
}

/** A view of `size` elements of `dtype` on `buffer`, which must be aligned to the element. */
export function viewTypedArray<D extends DType>(
  dtype: D,
  buffer: ArrayBufferLike,
  byteOffset: number,
  size: number,
): TypedArrayOf<D>
export function viewTypedArray(
  dtype: DType,
  buffer: ArrayBufferLike,
  byteOffset: number,
  size: number,
): TypedArray {
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer, byteOffset, size)
    case 'float64':
      return new Float64Array(buffer, byteOffset, size)
    case 'int32':
      return new Int32Array(buffer, byteOffset, size)
    case 'uint8':
    case 'bool':
      return new Uint8Array(buffer, byteOffset, size)
  }
}

/**
 * The nearest value that `dtype` holds: float to integer truncates and saturates, NaN gives 0,
 * anything non-zero (NaN included) is a true bool.
 */
export function castNumber(value: number, dtype: DType): number {
  switch (dtype) {
    case 'float32':
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
