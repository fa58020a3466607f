import type { ArithmeticDType, TypedArray } from '@tensorweft/core'

/** The array that an operand of a kernel stands for; every run of the plan sets it anew. */
export interface Binding {
  readonly slot: number
  readonly dtype: ArithmeticDType
  array: TypedArray
}

/** The result of a reduction or contraction at the points that are being evaluated. */
export interface ReducedSource {
  fill(out: TypedArray, count: number): void
}

/** What the programs of one kernel refer to. */
export interface Environment {
  readonly operands: readonly Binding[]
  /** Numbers given with the current run. */
  readonly scalars: readonly number[]
  readonly reduced: readonly ReducedSource[]
}
