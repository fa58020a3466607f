import type { DType } from '../dtype.ts'
import type { Scalar } from './scalar.ts'

/** An instruction of one operand. */
export type Unary = (a: Scalar) => Scalar
/** An instruction of two; a number takes the dtype of the other operand. */
export type Binary = (a: Scalar, b: Scalar | number) => Scalar

/** The instructions in which scalar functions are written out. */
export interface Arithmetic {
  constant(dtype: DType, number: number): Scalar
  readonly add: Binary
  readonly sub: Binary
  readonly mul: Binary
  readonly div: Binary
  readonly idiv: Binary
  readonly mod: Binary
  readonly max: Binary
  readonly min: Binary
  readonly less: Binary
  readonly equal: Binary
  readonly shl: Binary
  readonly floor: Unary
  readonly sin: Unary
  readonly exp2: Unary
  where(condition: Scalar, x: Scalar | number, y: Scalar | number): Scalar
  cast(a: Scalar, dtype: DType): Scalar
  bitcast(a: Scalar, dtype: 'float32' | 'int32'): Scalar
}
