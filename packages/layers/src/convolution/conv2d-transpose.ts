import {
  type ConvTransposeOptions,
  convTranspose2d,
  type Shape,
  type Tensor,
  type WindowPadding,
} from '@tensorweft/core'
import type { HeightWidth } from '../height-width.ts'
import { Convolution2D, type Convolution2DOptions } from './convolution2d.ts'

/** The kernel is [height, width, filters, inChannels]. */
export interface Conv2DTransposeOptions extends Convolution2DOptions {
  /**
   * All that windows reach, at least size · stride (`valid`, the default); size · stride (`same`);
   * or less by as much as is given.
   */
  readonly padding?: WindowPadding
  /**
   * What the output has more at its end, less than the strides. With `same`, sizes become
   * (size − 1) · stride + reach mod 2 + outputPadding, where a kernel reaches
   * (kernelSize − 1) · dilationRate + 1.
   */
  readonly outputPadding?: HeightWidth
}

/** Transposed convolution of images; `conv2dTranspose` makes one. */
export class Conv2DTranspose extends Convolution2D {
  readonly #window: ConvTransposeOptions

  constructor(options: Conv2DTransposeOptions) {
    super('conv2dTranspose', options)
    const { padding } = this.options
    const extra = this.#extra(padding, options.outputPadding)
    this.#window = {
      strides: this.strides,
      dilations: this.dilations,
      padding,
      ...(extra !== undefined && { outputPadding: extra }),
    }
  }

  protected override kernelShape(_inputShape: Shape, inChannels: number): Shape {
    return [...this.kernelSize, this.options.filters, inChannels]
  }

  protected override convolve(x: Tensor, kernel: Tensor): Tensor {
    return convTranspose2d(x, kernel, this.#window)
  }

  /** Where windows leave gaps, the last one is followed by a gap too, as in Keras. */
  #extra(
    padding: WindowPadding,
    given: HeightWidth | undefined,
  ): number | readonly number[] | undefined {
    if (given !== undefined || padding !== 'valid') return given
    return this.kernelSize.map((size, axis) => {
      const reach = (size - 1) * (this.dilations[axis] ?? 1) + 1
      return Math.max((this.strides[axis] ?? 1) - reach, 0)
    })
  }
}

/**
 * A layer that enlarges images [batch, height, width, inChannels] by trained filters: each pixel is
 * spread over a window, `activation(x ∗ᵀ kernel + bias)`, giving
 * [batch, outHeight, outWidth, filters]. It is the gradient of a convolution by its images.
 *
 * @throws ArgumentError for options out of range, or unknown names.
 * @example
 * ```ts
 * const layer = conv2dTranspose({ filters: 32, kernelSize: 4, strides: 2, padding: 'same' })
 * layer.build([7, 7, 64], key(0)) // [14, 14, 32]
 * ```
 */
export function conv2dTranspose(options: Conv2DTransposeOptions): Conv2DTranspose {
  return new Conv2DTranspose(options)
}
