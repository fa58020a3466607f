import type { FloatDType } from '../dtype.ts'
import type { Axes, ReduceOptions, Tensor } from '../graph/tensor.ts'
import { toFloat } from './cast.ts'
import type { AnyTensor } from './define-op.ts'
import { div } from './div.ts'
import { axesOf } from './reduction.ts'
import { sum } from './sum.ts'

/** Mean over `axes` (default: all). Integers and bools give float32; over no elements it is NaN. */
export function mean<D extends FloatDType>(
  x: Tensor<D>,
  axes?: Axes,
  options?: ReduceOptions,
): Tensor<D>
export function mean(x: AnyTensor, axes?: Axes, options?: ReduceOptions): Tensor
export function mean(x: AnyTensor, axes: Axes = null, options?: ReduceOptions): AnyTensor {
  const list = axesOf('mean', x, axes)
  const total = sum(toFloat(x), list, options)
  return div(total, x.size / Math.max(total.size, 1))
}
