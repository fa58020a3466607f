import { castNumber, type DType } from '../dtype.ts'
import type { Instruction, ScalarFunction } from '../ir/instruction.ts'
import type { Scalar } from './scalar.ts'

type Fold = (a: number, b: number) => number

/** Instructions whose value JavaScript computes exactly as every backend does. */
const folds: Readonly<Partial<Record<Instruction | ScalarFunction, Fold>>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  lt: (a, b) => Number(a < b),
  eq: (a, b) => Number(a === b),
  sqrt: (a) => Math.sqrt(a),
  floor: (a) => Math.floor(a),
  trunc: (a) => Math.trunc(a),
}

/**
 * The value of an instruction on constants, rounded to its dtype; undefined where an argument is
 * no constant or the instruction is left to the backend. Integers that would wrap are left too.
 */
export function foldConstants(
  instruction: Instruction | ScalarFunction,
  dtype: DType,
  args: readonly Scalar[],
): number | undefined {
  const fold = folds[instruction]
  const values = args.flatMap((arg) => (arg.kind === 'constant' ? arg.value : []))
  if (fold === undefined || values.length !== args.length) return undefined
  const [a = 0, b = 0] = values
  const value = fold(a, b)
  const rounded = castNumber(value, dtype)
  const isInteger = dtype === 'int32' || dtype === 'uint8'
  return isInteger && rounded !== value ? undefined : rounded
}
