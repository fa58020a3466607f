import { createTypedArray, type DType, type TypedArray } from '@tensorweft/core'

/** Points that are evaluated at a time: ten float32 registers still fit the first-level cache. */
export const chunkSize = 1024

/** Where the values of a step are: at the beginning of a register or of a part of an array. */
export interface Cell {
  array: TypedArray
}

/** The `count` elements of an array from `start` on. */
export function partOf(array: TypedArray, start: number, count: number): TypedArray {
  return array.length === count ? array : array.subarray(start, start + count)
}

/** Hands out the registers of one program, and those given back before new ones. */
export class Registers {
  readonly capacity: number
  private readonly free = new Map<DType, TypedArray[]>()

  constructor(capacity: number) {
    this.capacity = capacity
  }

  take(dtype: DType): TypedArray {
    return this.free.get(dtype)?.pop() ?? this.reserve(dtype)
  }

  /** A register that nothing else writes: for values that stay from chunk to chunk. */
  reserve(dtype: DType): TypedArray {
    return createTypedArray(dtype, this.capacity)
  }

  give(dtype: DType, register: TypedArray): void {
    const free = this.free.get(dtype)
    if (free === undefined) this.free.set(dtype, [register])
    else free.push(register)
  }
}
