import { maxPool2d } from '@tensorweft/core'
import { Pooling2D, type Pooling2DOptions } from './pooling2d.ts'

/** Maximum over windows of images; `maxPooling2d` makes one. */
export class MaxPooling2D extends Pooling2D {
  constructor(options: Pooling2DOptions = {}) {
    super('maxPooling2d', maxPool2d, options)
  }
}

/**
 * A layer that takes the maximum of each window and channel of images
 * [batch, height, width, channels], giving [batch, outHeight, outWidth, channels]. Padding never
 * wins.
 *
 * @throws ArgumentError for options out of range.
 * @example
 * ```ts
 * const layer = maxPooling2d()
 * layer.build([28, 28, 32], key(0)) // [14, 14, 32]
 * await layer.apply(tensor([1, 4, 3, 2]).reshape([1, 2, 2, 1])).item() // 4
 * ```
 */
export function maxPooling2d(options: Pooling2DOptions = {}): MaxPooling2D {
  return new MaxPooling2D(options)
}
