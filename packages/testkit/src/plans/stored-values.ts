import { float16Value, type TypedArray } from '@tensorweft/core'

/** The numbers of an array as it lies in memory, where float16 is its bits. */
export function storedValues(array: TypedArray): TypedArray {
  return array instanceof Uint16Array ? Float32Array.from(array, float16Value) : array
}
