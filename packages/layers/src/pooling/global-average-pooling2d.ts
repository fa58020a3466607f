import { globalAvgPool2d, type Key, type Shape, type Tensor } from '@tensorweft/core'
import { ConfiguredLayer } from '../configured-layer.ts'
import { checkImageShape } from '../input-shape.ts'

/** Mean over whole images; `globalAveragePooling2d` makes one. */
export class GlobalAveragePooling2D extends ConfiguredLayer<object> {
  constructor() {
    super('globalAveragePooling2d', {}, {})
  }

  /**
   * The shape [channels] for images [height, width, channels].
   *
   * @throws ShapeError for a shape that is none of images.
   */
  override build(inputShape: Shape, _key?: Key): Shape {
    const [, , channels] = checkImageShape(this.type, inputShape)
    return [channels]
  }

  /** @param x [batch, height, width, channels] */
  override call(x: Tensor): Tensor {
    return globalAvgPool2d(x)
  }
}

/**
 * A layer that takes the mean of each channel over all positions: images
 * [batch, height, width, channels] become [batch, channels].
 *
 * @example
 * ```ts
 * const layer = globalAveragePooling2d()
 * layer.build([7, 7, 64], key(0)) // [64]
 * await layer.apply(tensor([1, 2, 3, 6]).reshape([1, 2, 2, 1])).item() // 3
 * ```
 */
export function globalAveragePooling2d(): GlobalAveragePooling2D {
  return new GlobalAveragePooling2D()
}
