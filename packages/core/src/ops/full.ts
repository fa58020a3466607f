import type { DType } from '../dtype.ts'
import { castNumber } from '../dtype.ts'
import { ArgumentError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { checkShape, type Shape } from '../shape.ts'
import { checkKnownDType } from './check-dtype.ts'
import { checkTensor } from './check-tensor.ts'
import { defineOp } from './define-op.ts'
import { checkFits } from './number.ts'

const fullOp = defineOp<never, { shape: Shape; value: number; dtype: DType }>({
  name: 'full',
  infer: (_, { shape, dtype }) => ({ shape, dtype }),
  lower: (_, { scalar, attributes }) => scalar.constant(attributes.dtype, attributes.value),
  vjp: () => ({}),
})

/**
 * A tensor with every element `value`.
 *
 * @throws ShapeError for sizes that are not non-negative integers, ArgumentError for a value that
 * an integer dtype does not hold.
 */
export function full<D extends DType = 'float32'>(
  shape: Shape,
  value: number,
  dtype: D = 'float32' as D,
): Tensor<D> {
  return filled('full', shape, value, dtype)
}

function filled<D extends DType>(op: string, shape: Shape, value: number, dtype: D): Tensor<D> {
  checkShape(op, shape)
  checkKnownDType(op, dtype)
  if (typeof value !== 'number') {
    throw new ArgumentError(op, { got: `value ${String(value)}`, wanted: 'a number' })
  }
  checkFits(op, 'value', value, dtype)
  return fullOp.apply({}, { shape: [...shape], value: castNumber(value, dtype), dtype })
}

/** A tensor of zeros. */
export function zeros<D extends DType = 'float32'>(
  shape: Shape,
  dtype: D = 'float32' as D,
): Tensor<D> {
  return filled('zeros', shape, 0, dtype)
}

/** A tensor of ones. */
export function ones<D extends DType = 'float32'>(
  shape: Shape,
  dtype: D = 'float32' as D,
): Tensor<D> {
  return filled('ones', shape, 1, dtype)
}

/** Zeros with the shape and dtype of `x`. */
export function zerosLike<D extends DType>(x: Tensor<D>): Tensor<D> {
  return full(checkTensor('zerosLike', 'x', x).shape, 0, x.dtype)
}

/** Ones with the shape and dtype of `x`. */
export function onesLike<D extends DType>(x: Tensor<D>): Tensor<D> {
  return full(checkTensor('onesLike', 'x', x).shape, 1, x.dtype)
}
