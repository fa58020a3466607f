import type { FloatDType } from '../dtype.ts'
import { ArgumentError, ShapeError } from '../errors.ts'
import type { Axes, ReduceOptions, Tensor } from '../graph/tensor.ts'
import { formatShape, sizeOf } from '../shape.ts'
import { abs } from './abs.ts'
import { toFloat } from './cast.ts'
import { equal, greater, less } from './compare.ts'
import type { AnyTensor } from './define-op.ts'
import { div } from './div.ts'
import { logicalAnd } from './logical.ts'
import { max, min } from './max.ts'
import { mul } from './mul.ts'
import { pow } from './pow.ts'
import { axesOf, keptShape, reducedExtents } from './reduction.ts'
import { reshape } from './reshape.ts'
import { safeSqrt } from './safe-sqrt.ts'
import { square } from './square.ts'
import { stopGradient } from './stop-gradient.ts'
import { sum } from './sum.ts'
import { where } from './where.ts'

export interface VectorNormOptions extends ReduceOptions {
  /** Any number but 0; Infinity gives the largest, −Infinity the smallest absolute value. */
  readonly ord?: number
}

/**
 * `(Σ |x|^ord)^(1/ord)` over `axes` (default: all), by default with ord 2, the Euclidean norm.
 * Nothing overflows or vanishes on the way: what is summed is relative to the largest element. The
 * gradient of the norm of zeros is 0. Integers and bools give float32; of no elements the norm is 0.
 *
 * @throws ArgumentError for ord 0 or NaN, ShapeError for wrong axes and, with an infinite or
 * negative ord, over no elements.
 * @example
 * ```ts
 * await norm(tensor([[3, 4], [6, 8]]), 1).array() // [5, 10]
 * await norm(tensor([3, -4]), null, { ord: 1 }).item() // 7
 * ```
 */
export function norm<D extends FloatDType>(
  x: Tensor<D>,
  axes?: Axes,
  options?: VectorNormOptions,
): Tensor<D>
export function norm(x: AnyTensor, axes?: Axes, options?: VectorNormOptions): Tensor
export function norm(
  x: AnyTensor,
  axes: Axes = null,
  { ord = 2, keepDims = false }: VectorNormOptions = {},
): AnyTensor {
  if (typeof ord !== 'number' || ord === 0 || Number.isNaN(ord)) {
    throw new ArgumentError('norm', {
      got: `ord ${ord}`,
      wanted: 'a number other than 0',
      ...(ord === 0 && { hint: 'x.notEqual(0).sum() counts what is not 0' }),
    })
  }
  const list = axesOf('norm', x, axes)
  const sizes = abs(toFloat(x))
  const kept = normOf(sizes, list, ord)
  return keepDims ? kept : reshape(kept, keptShape(x.shape, list))
}

/** Reduced axes are kept. `sizes` are absolute values. */
function normOf(
  sizes: Tensor<FloatDType>,
  axes: readonly number[],
  ord: number,
): Tensor<FloatDType> {
  const keep = { keepDims: true }
  const isEmpty = sizeOf(reducedExtents(sizes.shape, axes)) === 0
  if (isEmpty && (ord < 0 || ord === Number.POSITIVE_INFINITY)) {
    throw new ShapeError('norm', {
      got: `x is ${formatShape(sizes.shape)}, axes are ${formatShape(axes)} and ord is ${ord}`,
      wanted: 'at least one element',
    })
  }
  if (isEmpty || ord === 1) return sum(sizes, axes, keep)
  const extreme = ord > 0 ? max(sizes, axes, keep) : min(sizes, axes, keep)
  if (!Number.isFinite(ord)) return extreme
  // The norm of a multiple is the multiple of the norm, so that the unit may be a constant.
  const unit = stopGradient(where(isUsable(extreme), extreme, 1))
  const relative = div(sizes, unit)
  if (ord === 2) return mul(safeSqrt(sum(square(relative), axes, keep)), unit)
  return mul(safePow(sum(safePow(relative, ord), axes, keep), 1 / ord), unit)
}

function isUsable(unit: Tensor<FloatDType>): Tensor<'bool'> {
  return logicalAnd(greater(unit, 0), less(unit, Number.POSITIVE_INFINITY))
}

/** `x^exponent` for x ≥ 0, with the gradient 0 at 0, where that of a root is infinite. */
function safePow(x: Tensor<FloatDType>, exponent: number): Tensor<FloatDType> {
  const isZero = equal(x, 0)
  const ofZero = exponent > 0 ? 0 : Number.POSITIVE_INFINITY
  return where(isZero, ofZero, pow(where(isZero, 1, x), exponent))
}
