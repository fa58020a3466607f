import { type DType, isFloat } from '../dtype.ts'
import { DTypeError } from '../errors.ts'
import { currentTrace } from '../execution/trace.ts'
import { linkOp } from '../graph/link-op.ts'
import type { Operand, Tensor } from '../graph/tensor.ts'
import type { ScalarBuilder } from '../scalar/builder.ts'
import type { Scalar } from '../scalar/scalar.ts'
import { broadcastShapes } from '../shape.ts'
import { checkDType, isNumber } from './check-dtype.ts'
import { checkTensor } from './check-tensor.ts'
import { defineOp } from './define-op.ts'
import { full } from './full.ts'
import { checkFits, checkSameDType, type Names, numberTensor } from './number.ts'
import { broadcastTo } from './sum.ts'

type NoAttributes = Record<never, never>

/** A function of one element. */
export interface UnaryDefinition {
  readonly name: string
  /** dtypes it takes; by default floats. */
  readonly accepts?: (dtype: DType) => boolean
  readonly result?: DType
  expression(scalar: ScalarBuilder, x: Scalar): Scalar
  /**
   * The gradient by x; `y` is the result. Undefined where it is zero everywhere, absent where the
   * result is no float.
   */
  vjp?(dy: Tensor, x: Tensor, y: Tensor): Tensor | undefined
}

/** An elementwise op of one argument. */
export type UnaryOp = <D extends DType>(x: Tensor<D>) => Tensor<D>

/** Defines an elementwise op of one argument and returns the function that applies it. */
export function defineUnary<R extends DType = never>(
  definition: UnaryDefinition,
): <D extends DType>(x: Tensor<D>) => Tensor<[R] extends [never] ? D : R> {
  const { name, accepts = isFloat, vjp } = definition
  const op = defineOp<'x', NoAttributes>({
    name,
    infer: ({ x }) => {
      checkDType(name, 'x', x.dtype, accepts)
      return { shape: x.shape, dtype: definition.result ?? x.dtype }
    },
    lower: ({ x }, { at, scalar }) => definition.expression(scalar, x.at(...at)),
    ...(vjp && { vjp: (dy, { x }, { output }) => ({ x: vjp(dy, x, output) }) }),
  })
  return linkOp((x) => op.apply({ x }, {}), op)
}

/** A function of two elements of one dtype. */
export interface BinaryDefinition {
  readonly name: string
  readonly accepts?: (dtype: DType) => boolean
  readonly result?: (dtype: DType) => DType
  expression(scalar: ScalarBuilder, a: Scalar, b: Scalar): Scalar
  vjp?(dy: Tensor, a: Tensor, b: Tensor, y: Tensor): Partial<Record<'a' | 'b', Tensor>>
}

/** An elementwise op of two arguments of one dtype, of which one may be a number. */
export interface BinaryOp<R extends DType = never> {
  <D extends DType>(a: number, b: Operand<D>): Tensor<[R] extends [never] ? D : R>
  <D extends DType>(a: Operand<D>, b: Operand<NoInfer<D>>): Tensor<[R] extends [never] ? D : R>
}

/**
 * Defines an elementwise op of two arguments that broadcast. A number takes the dtype of the other
 * argument, which must hold it: ArgumentError for 0.5 beside int32. Broadcasting is an op of its
 * own, so gradients are written for equal shapes.
 */
export function defineBinary<R extends DType = never>(definition: BinaryDefinition): BinaryOp<R> {
  const { name, accepts, vjp } = definition
  const op = defineOp<'a' | 'b', NoAttributes>({
    name,
    infer: ({ a }) => ({ shape: a.shape, dtype: definition.result?.(a.dtype) ?? a.dtype }),
    lower: ({ a, b }, { at, scalar }) => definition.expression(scalar, a.at(...at), b.at(...at)),
    ...(vjp && { vjp: (dy, { a, b }, { output }) => vjp(dy, a, b, output) }),
  })
  return linkOp((a, b) => op.apply(broadcastOperands(name, a, b, ['a', 'b'], accepts), {}), op)
}

/** Both arguments as tensors of one shape, and of one dtype for which `accepts` holds. */
export function broadcastOperands<D extends DType>(
  op: string,
  a: Operand<D>,
  b: Operand<D>,
  names: Names = ['a', 'b'],
  accepts: (dtype: DType) => boolean = () => true,
): { a: Tensor<D>; b: Tensor<D> } {
  const [first, name] = typeof a === 'number' ? [b, names[1]] : [a, names[0]]
  if (typeof first === 'number') {
    throw new DTypeError(op, { got: 'two numbers', wanted: 'at least one tensor' })
  }
  const { dtype } = checkTensor(op, name, first)
  // What takes all dtypes but bool.
  const others = accepts === isNumber ? ', or use logicalAnd or logicalOr' : ''
  checkDType(op, name, dtype, accepts, others)
  const left = operandTensor(op, names[0], a, dtype)
  const right = operandTensor(op, names[1], b, dtype)
  checkDType(op, names[1], right.dtype, accepts, others)
  checkSameDType(op, left.dtype, right.dtype, names)
  const shape = broadcastShapes(op, left.shape, right.shape)
  return { a: broadcastTo(left, shape), b: broadcastTo(right, shape) }
}

/**
 * A number as a scalar tensor: fixed inside a trace, where the plan belongs to the function; an
 * argument of the plan elsewhere, so that other numbers run the same plan.
 */
function operandTensor<D extends DType>(
  op: string,
  name: string,
  value: Operand<D>,
  dtype: D,
): Tensor<D> {
  if (typeof value !== 'number') return checkTensor(op, name, value)
  checkFits(op, name, value, dtype)
  return currentTrace() === undefined ? numberTensor(value, dtype) : full([], value, dtype)
}
