import { type FloatDType, isFloat } from '../dtype.ts'
import type { Axes, ReduceOptions, Tensor } from '../graph/tensor.ts'
import { abs } from './abs.ts'
import { add } from './add.ts'
import { checkTyped } from './check-dtype.ts'
import { less } from './compare.ts'
import { exp } from './exp.ts'
import { log } from './log.ts'
import { max } from './max.ts'
import { axesOf, choiceOf, keptShape } from './reduction.ts'
import { reshape } from './reshape.ts'
import { stopGradient } from './stop-gradient.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { where } from './where.ts'

/**
 * `log Σ eˣ` over `axes` (default: all), computed as `m + log Σ eˣ⁻ᵐ` with the maximum m, so that
 * nothing overflows. Elements that are −∞ count as nothing.
 */
export function logSumExp<D extends FloatDType>(
  x: Tensor<D>,
  axes: Axes = null,
  options: ReduceOptions = {},
): Tensor<D> {
  checkFloat('logSumExp', x)
  const list = axesOf('logSumExp', x, axes)
  choiceOf('logSumExp', x.shape, list)
  const m = finiteMax(x, list)
  const kept = add(m, log(sum(exp(sub(x, m)), list, { keepDims: true })))
  return options.keepDims ? kept : reshape(kept, keptShape(x.shape, list))
}

/** The maximum along `axes`, kept with size 1, as a constant; 0 where it is infinite. */
export function finiteMax<D extends FloatDType>(x: Tensor<D>, axes: Axes): Tensor<D> {
  const m = max(x, axes, { keepDims: true })
  return stopGradient(where(less(abs(m), Number.POSITIVE_INFINITY), m, 0))
}

/** Throws DTypeError unless `x` holds floats. */
export function checkFloat(op: string, x: Tensor<FloatDType>): void {
  checkTyped(op, 'x', x, isFloat)
}
