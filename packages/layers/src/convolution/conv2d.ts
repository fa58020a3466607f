import {
  checkOption,
  conv2d as convolve,
  formatShape,
  type Shape,
  ShapeError,
  type Tensor,
  type WindowPadding,
} from '@tensorweft/core'
import { isPositiveInteger } from '../option-values.ts'
import { Convolution2D, type Convolution2DOptions } from './convolution2d.ts'

/** The kernel is [height, width, inChannels / groups, filters]. */
export interface Conv2DOptions extends Convolution2DOptions {
  /** None (`valid`, the default), so that sizes become ⌈size / stride⌉ (`same`), or as given. */
  readonly padding?: WindowPadding
  /** Blocks of channels that are convolved apart from each other, by default 1. */
  readonly groups?: number
}

/** Convolution of images; `conv2d` makes one. */
export class Conv2D extends Convolution2D {
  readonly #groups: number

  constructor(options: Conv2DOptions) {
    super('conv2d', options)
    const { filters, groups = 1 } = options
    checkOption('conv2d', 'groups', groups, [
      `a positive integer that divides the ${filters} filters`,
      () => isPositiveInteger(groups) && filters % groups === 0,
    ])
    this.#groups = groups
  }

  protected override kernelShape(inputShape: Shape, inChannels: number): Shape {
    if (inChannels % this.#groups !== 0) {
      throw new ShapeError('conv2d', {
        got: `inputs of shape ${formatShape(inputShape)} for ${this.#groups} groups`,
        wanted: 'a number of channels that the groups divide',
      })
    }
    return [...this.kernelSize, inChannels / this.#groups, this.options.filters]
  }

  protected override convolve(x: Tensor, kernel: Tensor): Tensor {
    return convolve(x, kernel, {
      strides: this.strides,
      padding: this.options.padding,
      dilations: this.dilations,
      groups: this.#groups,
    })
  }
}

/**
 * A layer that convolves images [batch, height, width, inChannels] with trained filters:
 * `activation(x ∗ kernel + bias)`, giving [batch, outHeight, outWidth, filters]. As everywhere in
 * deep learning the kernel is not flipped.
 *
 * @throws ArgumentError for options out of range, or unknown names.
 * @example
 * ```ts
 * const layer = conv2d({ filters: 1, kernelSize: [1, 2], kernelInitializer: 'ones' })
 * layer.build([1, 3, 1], key(0)) // [1, 2, 1]
 * await layer.apply(tensor([1, 2, 3]).reshape([1, 1, 3, 1])).reshape([2]).array() // [3, 5]
 * ```
 */
export function conv2d(options: Conv2DOptions): Conv2D {
  return new Conv2D(options)
}
