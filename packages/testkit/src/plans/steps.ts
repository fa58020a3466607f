import {
  type DigitData,
  type DType,
  type IndexData,
  type Instruction,
  type RangeData,
  type ScalarFunction,
  type Step,
  stridesOf,
} from '@tensorweft/core'

/** A step of a program that does a certain thing. */
export type StepOf<Op extends Step['op']> = Extract<Step, { readonly op: Op }>

/**
 * The index `constant + Σ coefficients[axis] · axis + digits`.
 *
 * @example
 * ```ts
 * // Element [row, column] of a matrix with 8 columns, from its third row on.
 * affine([8, 1], 16)
 * ```
 */
export function affine(
  coefficients: readonly number[],
  constant = 0,
  digits: readonly DigitData[] = [],
): IndexData {
  const terms = coefficients.flatMap((coefficient, axis) =>
    coefficient === 0 ? [] : [{ axis, coefficient }],
  )
  return { constant, terms, digits }
}

/**
 * The position of a point in an array whose shape is that of the axes.
 *
 * @example
 * ```ts
 * rowMajor([3, 5]) // 5 · axis 0 + axis 1
 * ```
 */
export function rowMajor(axes: readonly number[]): IndexData {
  return affine(stridesOf(axes))
}

/**
 * A step that loads an element of an operand, and 0 where a range of `within` does not hold.
 *
 * @example
 * ```ts
 * load('float32', 0, affine([1]))
 * ```
 */
export function load(
  dtype: DType,
  operand: number,
  index: IndexData,
  within: readonly RangeData[] = [],
): StepOf<'load'> {
  return { op: 'load', dtype, operand, index, within }
}

/**
 * A step whose value is always the same.
 *
 * @example
 * ```ts
 * constant('float32', 0.5)
 * ```
 */
export function constant(dtype: DType, value: number): StepOf<'constant'> {
  return { op: 'constant', dtype, value }
}

/**
 * A step that computes a value of earlier ones, which are named by their numbers.
 *
 * @example
 * ```ts
 * const squares = [load('float32', 0, affine([1])), apply('float32', 'mul', 0, 0)]
 * ```
 */
export function apply(
  dtype: DType,
  instruction: Instruction | ScalarFunction,
  ...args: readonly number[]
): StepOf<'apply'> {
  return { op: 'apply', dtype, instruction, args }
}
