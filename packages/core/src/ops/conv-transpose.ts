import type { FloatDType } from '../dtype.ts'
import { ArgumentError, ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape, type Shape } from '../shape.ts'
import { checkGroups } from './check-numbers.ts'
import { type ConvOptions, checkOperands } from './conv.ts'
import { inputGradient } from './conv-forms.ts'
import type { Padding } from './slice.ts'
import { at, paddingOf, perAxis } from './window.ts'

export interface ConvTransposeOptions extends ConvOptions {
  /**
   * Elements that the output has more at its end, by default 0, and less than the strides. With
   * `padding: 'same'`, sizes become (n − 1) stride + reach mod 2 + outputPadding; without it they
   * become n · stride.
   */
  readonly outputPadding?: number | readonly number[]
}

/**
 * Transposed convolution of x [batch, length, in] with filters [kernel, out / groups, in]; see
 * `convTranspose2d`.
 */
export function convTranspose1d<D extends FloatDType>(
  x: Tensor<D>,
  filters: Tensor<D>,
  options: ConvTransposeOptions = {},
): Tensor<D> {
  return transposeChecked('convTranspose1d', 1, x, filters, options)
}

/**
 * Transposed convolution of images: the gradient of `conv2d` by its input, which spreads each pixel
 * over a window of the output.
 *
 * With reach = (k − 1) dilation + 1, output sizes are (n − 1) stride + reach for `'valid'`; as much
 * less as an explicit padding [before, after] cuts off; and n · stride for `'same'`, cut where
 * `conv2d` with that padding would have padded.
 *
 * @param x [batch, height, width, inChannels]
 * @param filters [height, width, outChannels / groups, inChannels]
 * @returns [batch, outHeight, outWidth, outChannels]
 * @throws ShapeError, DTypeError or ArgumentError for what does not fit.
 * @example
 * ```ts
 * import { convTranspose2d, key, randomNormal } from '@tensorweft/core'
 *
 * const features = randomNormal(key(1), [8, 7, 7, 64])
 * const filters = randomNormal(key(2), [4, 4, 32, 64])
 * const twice = convTranspose2d(features, filters, { strides: 2, padding: 'same' }) // [8, 14, 14, 32]
 * ```
 */
export function convTranspose2d<D extends FloatDType>(
  x: Tensor<D>,
  filters: Tensor<D>,
  options: ConvTransposeOptions = {},
): Tensor<D> {
  return transposeChecked('convTranspose2d', 2, x, filters, options)
}

function transposeChecked<D extends FloatDType>(
  op: string,
  spatialRank: number,
  x: Tensor<D>,
  filters: Tensor<D>,
  options: ConvTransposeOptions,
): Tensor<D> {
  const { groups = 1 } = options
  checkOperands(op, spatialRank, x, filters)
  checkFilters(op, x.shape, filters.shape, groups)
  return inputGradient(filters, x, {
    ...settle(op, x.shape.slice(1, -1), filters.shape.slice(0, -2), options),
    groups,
  })
}

/** Everything settled, one number per spatial axis; `size` are the sizes of the output. */
function settle(op: string, input: Shape, kernel: Shape, options: ConvTransposeOptions) {
  const { padding = 'valid', outputPadding } = options
  const strides = perAxis(op, 'strides', options.strides ?? 1, input.length)
  const dilations = perAxis(op, 'dilations', options.dilations ?? 1, input.length)
  const extra = extras(op, outputPadding, strides)
  const axes = input.map((n, axis) => {
    const stride = at(strides, axis)
    const reach = (at(kernel, axis) - 1) * at(dilations, axis) + 1
    const cut = padding === 'same' ? padding : paddingOf(op, padding, axis, n, stride, reach)
    return outputAxis(cut, n, stride, reach, extra?.[axis])
  })
  const size = axes.map((axis) => axis.size)
  if (size.some((n) => n < 0 || (n === 0 && padding !== 'same'))) {
    throw new ShapeError(op, {
      got: `spatial sizes ${formatShape(input)}, of which ${formatShape(size)} would be left`,
      wanted: 'at least one element',
      hint: 'cut less off with padding',
    })
  }
  return { strides, dilations, before: axes.map(({ before }) => before), size }
}

/** What an axis becomes: its size, and how many elements are cut off before it. */
function outputAxis(
  cut: 'same' | Padding,
  n: number,
  stride: number,
  reach: number,
  extra: number | undefined,
): { size: number; before: number } {
  const full = (n - 1) * stride + reach
  if (cut !== 'same') {
    const [before, after] = cut
    return { size: full - before - after + (extra ?? 0), before }
  }
  const size = extra === undefined ? n * stride : (n - 1) * stride + (reach % 2) + extra
  return { size, before: Math.floor(Math.max(full - size, 0) / 2) }
}

function extras(
  op: string,
  outputPadding: number | readonly number[] | undefined,
  strides: readonly number[],
): readonly number[] | undefined {
  if (outputPadding === undefined) return undefined
  const list =
    typeof outputPadding === 'number' ? strides.map(() => outputPadding) : [outputPadding].flat()
  const fits = list.every((n, axis) => Number.isInteger(n) && n >= 0 && n < at(strides, axis))
  if (fits && list.length === strides.length) return list
  throw new ArgumentError(op, {
    got: `outputPadding ${formatShape([outputPadding].flat())} with strides ${formatShape(strides)}`,
    wanted: 'integers from 0 up to below the strides, one per spatial axis or one for all',
  })
}

function checkFilters(op: string, x: Shape, filters: Shape, groups: number): void {
  const inChannels = x.at(-1) ?? 0
  checkGroups(op, groups, inChannels)
  if (filters.length === x.length && filters.at(-1) === inChannels) return
  throw new ShapeError(op, {
    got: `x is ${formatShape(x)} and filters are ${formatShape(filters)}`,
    wanted: `filters [...kernel, outChannels / groups, ${inChannels}]`,
    ...(filters.at(-2) === inChannels && {
      hint: 'transposed filters have the output channels before the input channels',
    }),
  })
}
