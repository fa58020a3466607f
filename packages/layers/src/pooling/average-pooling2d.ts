import { avgPool2d } from '@tensorweft/core'
import { Pooling2D, type Pooling2DOptions } from './pooling2d.ts'

/** Mean over windows of images; `averagePooling2d` makes one. */
export class AveragePooling2D extends Pooling2D {
  constructor(options: Pooling2DOptions = {}) {
    super('averagePooling2d', avgPool2d, options)
  }
}

/**
 * A layer that takes the mean of each window and channel of images
 * [batch, height, width, channels], giving [batch, outHeight, outWidth, channels]. Padding does
 * not count.
 *
 * @throws ArgumentError for options out of range.
 * @example
 * ```ts
 * const layer = averagePooling2d()
 * layer.build([28, 28, 32], key(0)) // [14, 14, 32]
 * await layer.apply(tensor([1, 4, 3, 2]).reshape([1, 2, 2, 1])).item() // 2.5
 * ```
 */
export function averagePooling2d(options: Pooling2DOptions = {}): AveragePooling2D {
  return new AveragePooling2D(options)
}
