import { type FloatDType, isFloat } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import { linkOp } from '../graph/link-op.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape } from '../shape.ts'
import { checkTyped } from './check-dtype.ts'
import { checkGroups } from './check-numbers.ts'
import { checkTensor } from './check-tensor.ts'
import { convolve, convolveOp } from './conv-forms.ts'
import type { AnyTensor } from './define-op.ts'
import { checkSameDType } from './number.ts'
import { checkImages, settleWindow, type WindowOptions } from './window.ts'

export interface ConvOptions extends WindowOptions {
  /** Blocks of channels that are convolved apart from each other, by default 1. */
  readonly groups?: number
}

/**
 * Convolution of x [batch, length, in] with filters [kernel, in / groups, out]; see `conv2d`.
 */
export function conv1d<D extends FloatDType>(
  x: Tensor<D>,
  filters: Tensor<D>,
  options: ConvOptions = {},
): Tensor<D> {
  return convolveChecked('conv1d', 1, x, filters, options)
}

/**
 * Convolution (correlation: the filter is not flipped) of images with filters:
 * `y[n, i, j, o] = Σ x[n, i · stride + h · dilation − before, …, c] · filters[h, w, c, o]`.
 *
 * @param x [batch, height, width, inChannels]
 * @param filters [height, width, inChannels / groups, outChannels]
 * @returns [batch, height, width, outChannels]
 * @throws ShapeError, DTypeError or ArgumentError for what does not fit.
 * @example
 * ```ts
 * import { conv2d, key, randomNormal } from '@tensorweft/core'
 *
 * const images = randomNormal(key(1), [8, 28, 28, 1])
 * const filters = randomNormal(key(2), [3, 3, 1, 32])
 * const features = conv2d(images, filters, { padding: 'same' })
 * ```
 */
export function conv2d<D extends FloatDType>(
  x: Tensor<D>,
  filters: Tensor<D>,
  options: ConvOptions = {},
): Tensor<D> {
  return convolveChecked('conv2d', 2, x, filters, options)
}

/** Convolution of x [batch, depth, height, width, in]; see `conv2d`. */
export function conv3d<D extends FloatDType>(
  x: Tensor<D>,
  filters: Tensor<D>,
  options: ConvOptions = {},
): Tensor<D> {
  return convolveChecked('conv3d', 3, x, filters, options)
}

/** A convolution in the name of `op`, which has so many spatial axes. */
export function convolveChecked<D extends FloatDType>(
  op: string,
  spatialRank: number,
  x: Tensor<D>,
  filters: Tensor<D>,
  options: ConvOptions,
): Tensor<D> {
  const { groups = 1 } = options
  checkOperands(op, spatialRank, x, filters)
  checkFilters(op, x, filters, groups)
  const window = settleWindow(op, x.shape.slice(1, -1), filters.shape.slice(0, -2), options)
  return convolve(x, filters, {
    strides: window.strides,
    dilations: window.dilations,
    before: window.before,
    groups,
    size: window.output,
  })
}

/** Throws unless both are of one float dtype and x has so many spatial axes. */
export function checkOperands(
  op: string,
  spatialRank: number,
  x: AnyTensor,
  filters: AnyTensor,
): void {
  checkTyped(op, 'x', x, isFloat)
  checkSameDType(op, x.dtype, checkTensor(op, 'filters', filters).dtype, ['x', 'filters'])
  checkImages(op, x, spatialRank)
}

function checkFilters<D extends FloatDType>(
  op: string,
  x: Tensor<D>,
  filters: Tensor<D>,
  groups: number,
): void {
  const [inChannels, outChannels] = [x.shape.at(-1) ?? 0, filters.shape.at(-1) ?? 0]
  checkGroups(op, groups, inChannels, outChannels)
  if (filters.rank !== x.rank || filters.shape.at(-2) !== inChannels / groups) {
    throw new ShapeError(op, {
      got: `x is ${formatShape(x.shape)} and filters are ${formatShape(filters.shape)}`,
      wanted: `filters [...kernel, ${inChannels / groups}, outChannels]`,
    })
  }
}

linkOp(conv1d, convolveOp)
linkOp(conv2d, convolveOp)
linkOp(conv3d, convolveOp)
