import type { FloatDType } from '../dtype.ts'
import { ArgumentError } from '../errors.ts'
import type { Axes, ReduceOptions, Tensor } from '../graph/tensor.ts'
import { sizeOf } from '../shape.ts'
import { add } from './add.ts'
import { toFloat } from './cast.ts'
import { less } from './compare.ts'
import type { AnyTensor } from './define-op.ts'
import { div } from './div.ts'
import { mean } from './mean.ts'
import { neg } from './neg.ts'
import { axesOf, reducedExtents } from './reduction.ts'
import { safeSqrt } from './safe-sqrt.ts'
import { square } from './square.ts'
import { stopGradient } from './stop-gradient.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { where } from './where.ts'

export interface VarianceOptions extends ReduceOptions {
  /** Subtracted from the number of elements to divide by; 1 gives the unbiased estimate. */
  readonly correction?: number
}

/**
 * Variance over `axes` (default: all): squared deviations from the mean, divided by
 * n − `correction` (default 0). Two passes, so that a mean far from 0 costs no accuracy; see Chan,
 * Golub and LeVeque, "Algorithms for computing the sample variance", 1983. Integers and bools give
 * float32; where n is not above the correction the result is NaN.
 *
 * @throws ShapeError for wrong axes, ArgumentError for a correction that is no finite number.
 * @example
 * ```ts
 * await variance(tensor([[1, 3], [2, 8]]), 1).array() // [1, 9]
 * ```
 */
export function variance<D extends FloatDType>(
  x: Tensor<D>,
  axes?: Axes,
  options?: VarianceOptions,
): Tensor<D>
export function variance(x: AnyTensor, axes?: Axes, options?: VarianceOptions): Tensor
export function variance(
  x: AnyTensor,
  axes: Axes = null,
  options: VarianceOptions = {},
): AnyTensor {
  return varianceOf('variance', x, axes, options)
}

/** Standard deviation, the root of `variance`; where it is 0 its gradient is 0 too. */
export function std<D extends FloatDType>(
  x: Tensor<D>,
  axes?: Axes,
  options?: VarianceOptions,
): Tensor<D>
export function std(x: AnyTensor, axes?: Axes, options?: VarianceOptions): Tensor
export function std(x: AnyTensor, axes: Axes = null, options: VarianceOptions = {}): AnyTensor {
  return safeSqrt(varianceOf('std', x, axes, options))
}

/**
 * `(Σd² − (Σd)² / n) / (n − correction)` with d = x − s. It is the same for every s, so s is taken
 * as a constant: the rounded mean, with which the second term is what rounding has left over.
 */
function varianceOf(
  op: string,
  x: AnyTensor,
  axes: Axes,
  { correction = 0, keepDims = false }: VarianceOptions,
): Tensor<FloatDType> {
  if (!Number.isFinite(correction)) {
    throw new ArgumentError(op, { got: `correction ${correction}`, wanted: 'a finite number' })
  }
  const list = axesOf(op, x, axes)
  const n = sizeOf(reducedExtents(x.shape, list))
  const values = toFloat(x)
  const deviations = sub(values, stopGradient(mean(values, list, { keepDims: true })))
  const squares = sum(square(deviations), list, { keepDims })
  const left = div(square(sum(deviations, list, { keepDims })), n)
  return div(notNegative(sub(squares, left)), Math.max(n - correction, 0))
}

/** Rounding below 0 taken back, with the gradient of `x` itself. */
function notNegative(x: Tensor<FloatDType>): Tensor<FloatDType> {
  return add(x, stopGradient(where(less(x, 0), neg(x), 0)))
}
