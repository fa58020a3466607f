import type { DType } from '../dtype.ts'
import type { Instruction, ScalarFunction } from './instruction.ts'

/**
 * An integer function of the loop counters of a kernel, as plain data:
 * `constant + Σ coefficient · axis + Σ coefficient · (floor(of / divisor) mod modulus)`.
 * `axis` is a number into the kernel's `axes`. A `modulus` of 0 means none.
 * Almost every expression is affine, with `digits` empty; a backend must still render digits.
 */
export interface IndexData {
  readonly constant: number
  readonly terms: readonly { readonly axis: number; readonly coefficient: number }[]
  readonly digits: readonly DigitData[]
}

export interface DigitData {
  readonly of: IndexData
  readonly divisor: number
  readonly modulus: number
  readonly coefficient: number
}

/** `low ≤ index < high`. */
export interface RangeData {
  readonly index: IndexData
  readonly low: number
  readonly high: number
}

/** One value of a program; arguments are the numbers of earlier steps. */
export type Step =
  | { readonly op: 'constant'; readonly dtype: DType; readonly value: number }
  /** A number given with each run, see `Plan.scalars`. */
  | { readonly op: 'scalar'; readonly dtype: DType; readonly scalar: number }
  /**
   * An element of an operand. Where a range in `within` does not hold the value is 0 and the
   * address, which may then lie outside the operand, must not be touched.
   */
  | {
      readonly op: 'load'
      readonly dtype: DType
      readonly operand: number
      readonly index: IndexData
      readonly within: readonly RangeData[]
    }
  /**
   * An element at a place that is computed: `index` plus the int32 value number `offset`. Where the
   * ranges of `within` hold the place lies in the operand; elsewhere the value is 0.
   */
  | {
      readonly op: 'gather'
      readonly dtype: DType
      readonly operand: number
      readonly index: IndexData
      readonly offset: number
      readonly within: readonly RangeData[]
    }
  /** The index itself as an int32. */
  | { readonly op: 'index'; readonly dtype: 'int32'; readonly index: IndexData }
  /** Whether all ranges hold. */
  | { readonly op: 'inside'; readonly dtype: 'bool'; readonly within: readonly RangeData[] }
  /** The result of a reduction of an earlier stage, or of the contraction (number 0). */
  | { readonly op: 'reduced'; readonly dtype: DType; readonly reduction: number }
  | {
      readonly op: 'apply'
      readonly dtype: DType
      readonly instruction: Instruction | ScalarFunction
      readonly args: readonly number[]
    }

/** Values in an order in which each one depends on earlier ones only. */
export type Program = readonly Step[]
