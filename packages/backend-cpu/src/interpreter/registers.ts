import { createTypedArray, type DType, type TypedArray } from '@tensorweft/core'

/** Points that are evaluated at a time: ten float32 registers still fit the first-level cache. */
export const chunkSize = 1024

/** Where the values of a step are: from `offset` on in a register or in an array of the plan. */
export interface Cell {
  array: TypedArray
  offset: number
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
