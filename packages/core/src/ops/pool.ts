import { type FloatDType, isFloat } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { checkDType } from './check-dtype.ts'
import { div } from './div.ts'
import { ones } from './full.ts'
import { mean } from './mean.ts'
import { type PoolAttributes, windowMaxOp, windowSumOp } from './pool-forms.ts'
import { broadcastTo } from './sum.ts'
import { checkImages, perAxis, settleWindow, type WindowOptions } from './window.ts'

export interface PoolOptions extends WindowOptions {
  /** Sizes of the window, by default 2. */
  readonly poolSize?: number | readonly number[]
  /** By default the sizes of the window, so that windows do not overlap. */
  readonly strides?: number | readonly number[]
}

export interface AvgPoolOptions extends PoolOptions {
  /** Divide by the whole window instead of by the elements that are no padding. */
  readonly countIncludePad?: boolean
}

/** Maximum over windows of x [batch, length, channels]; see `maxPool2d`. */
export function maxPool1d<D extends FloatDType>(
  x: Tensor<D>,
  options: PoolOptions = {},
): Tensor<D> {
  return windowMaxOp.apply({ x }, settlePool('maxPool1d', 1, x, options))
}

/**
 * Maximum over windows of x [batch, height, width, channels]. Padding never wins; of equal elements
 * the first gets the gradient.
 *
 * @throws ShapeError, DTypeError or ArgumentError for what does not fit.
 * @example
 * ```ts
 * import { key, maxPool2d, randomNormal } from '@tensorweft/core'
 *
 * const half = maxPool2d(randomNormal(key(1), [8, 28, 28, 32]))
 * ```
 */
export function maxPool2d<D extends FloatDType>(
  x: Tensor<D>,
  options: PoolOptions = {},
): Tensor<D> {
  return windowMaxOp.apply({ x }, settlePool('maxPool2d', 2, x, options))
}

/** Mean over windows of x [batch, length, channels]; see `avgPool2d`. */
export function avgPool1d<D extends FloatDType>(
  x: Tensor<D>,
  options: AvgPoolOptions = {},
): Tensor<D> {
  return averageWindows('avgPool1d', 1, x, options)
}

/**
 * Mean over windows of x [batch, height, width, channels], of the elements that are no padding.
 *
 * @throws ShapeError, DTypeError or ArgumentError for what does not fit.
 */
export function avgPool2d<D extends FloatDType>(
  x: Tensor<D>,
  options: AvgPoolOptions = {},
): Tensor<D> {
  return averageWindows('avgPool2d', 2, x, options)
}

/** Mean over all positions: x [batch, height, width, channels] → [batch, channels]. */
export function globalAvgPool2d<D extends FloatDType>(x: Tensor<D>): Tensor<D> {
  checkImages('globalAvgPool2d', x, 2)
  return mean(x, [1, 2])
}

function averageWindows<D extends FloatDType>(
  op: string,
  spatialRank: number,
  x: Tensor<D>,
  options: AvgPoolOptions,
): Tensor<D> {
  const attributes = settlePool(op, spatialRank, x, options)
  const total = windowSumOp.apply<D>({ x }, attributes)
  if (options.countIncludePad)
    return div(
      total,
      attributes.kernel.reduce((n, k) => n * k, 1),
    )
  const one = ones([1, ...x.shape.slice(1, -1), 1], x.dtype)
  return div(total, broadcastTo(windowSumOp.apply<D>({ x: one }, attributes), total.shape))
}

function settlePool<D extends FloatDType>(
  op: string,
  spatialRank: number,
  x: Tensor<D>,
  { poolSize = 2, ...options }: PoolOptions,
): PoolAttributes {
  checkImages(op, x, spatialRank)
  checkDType(op, 'x', x.dtype, isFloat)
  const kernel = perAxis(op, 'poolSize', poolSize, spatialRank)
  const { output, ...window } = settleWindow(op, x.shape.slice(1, -1), kernel, {
    ...options,
    strides: options.strides ?? kernel,
  })
  return { ...window, size: output }
}
