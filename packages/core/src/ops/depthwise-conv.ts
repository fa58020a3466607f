import type { FloatDType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape } from '../shape.ts'
import { checkOperands, convolveChecked } from './conv.ts'
import { reshape } from './reshape.ts'
import type { WindowOptions } from './window.ts'

/**
 * Convolution of every channel of images with filters of its own:
 * `y[n, i, j, c · multiplier + m] = Σ x[n, i · stride + h · dilation − before, …, c] ·
 * filters[h, w, c, m]`.
 *
 * @param x [batch, height, width, channels]
 * @param filters [height, width, channels, multiplier]
 * @returns [batch, outHeight, outWidth, channels · multiplier]
 * @throws ShapeError, DTypeError or ArgumentError for what does not fit.
 * @example
 * ```ts
 * import { depthwiseConv2d, ones } from '@tensorweft/core'
 *
 * const images = ones([1, 2, 2, 3])
 * const sums = depthwiseConv2d(images, ones([2, 2, 3, 1]))
 * await sums.reshape([3]).array() // [4, 4, 4]
 * ```
 */
export function depthwiseConv2d<D extends FloatDType>(
  x: Tensor<D>,
  filters: Tensor<D>,
  options: WindowOptions = {},
): Tensor<D> {
  checkOperands('depthwiseConv2d', 2, x, filters)
  const channels = x.shape.at(-1) ?? 0
  const [height = 0, width = 0, ofChannels, multiplier = 0] = filters.shape
  if (filters.rank !== 4 || ofChannels !== channels) {
    throw new ShapeError('depthwiseConv2d', {
      got: `x is ${formatShape(x.shape)} and filters are ${formatShape(filters.shape)}`,
      wanted: `filters [height, width, ${channels}, multiplier]`,
    })
  }
  // Every channel is a group: its filters lie side by side already.
  const grouped = reshape(filters, [height, width, 1, channels * multiplier])
  return convolveChecked('depthwiseConv2d', 2, x, grouped, { ...options, groups: channels })
}
