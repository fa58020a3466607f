import type { TypedArray } from '@tensorweft/core'

/**
 * The bytes of an array, not copied: what backends write and read.
 *
 * @example
 * ```ts
 * console.log(bytesOf(Float32Array.of(1, 2)).length) // 8
 * ```
 */
export function bytesOf(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}
