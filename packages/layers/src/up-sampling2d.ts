import { type Key, resizeBilinear, resizeNearest, type Shape, type Tensor } from '@tensorweft/core'
import { oneOf } from './check-options.ts'
import { ConfiguredLayer } from './configured-layer.ts'
import { type HeightWidth, heightAndWidth, heightWidth } from './height-width.ts'
import { checkImageShape } from './input-shape.ts'

export interface UpSampling2DOptions {
  /** How often each row and column is repeated, by default 2. */
  readonly size?: HeightWidth
  /** What stands between two pixels: the nearer one (the default), or a blend of both. */
  readonly interpolation?: 'nearest' | 'bilinear'
  /** By default `upSampling2d` with a number. */
  readonly name?: string
}

/** Images enlarged by whole factors; `upSampling2d` makes one. */
export class UpSampling2D extends ConfiguredLayer<UpSampling2DOptions, 'size' | 'interpolation'> {
  readonly #size: readonly [height: number, width: number]

  constructor(options: UpSampling2DOptions = {}) {
    super('upSampling2d', options, {
      size: [heightWidth, 2],
      interpolation: [oneOf('nearest', 'bilinear'), 'nearest'],
    })
    this.#size = heightAndWidth(this.options.size)
  }

  override build(inputShape: Shape, _key?: Key): Shape {
    const [height, width, channels] = checkImageShape(this.type, inputShape)
    return [...this.#enlarged(height, width), channels]
  }

  /** @param x [batch, height, width, channels] */
  override call(x: Tensor): Tensor {
    const resize = this.options.interpolation === 'bilinear' ? resizeBilinear : resizeNearest
    const [, height = 0, width = 0] = x.shape
    return resize(x, { size: this.#enlarged(height, width), halfPixelCenters: true })
  }

  #enlarged(height: number, width: number): [height: number, width: number] {
    return [height * this.#size[0], width * this.#size[1]]
  }
}

/**
 * A layer that enlarges images: [batch, height, width, channels] becomes
 * [batch, size · height, size · width, channels].
 *
 * @throws ArgumentError for a size that is no positive integer, or another interpolation.
 * @example
 * ```ts
 * upSampling2d({ size: [1, 2] }).apply(zeros([8, 14, 14, 32])).shape // [8, 14, 28, 32]
 * ```
 */
export function upSampling2d(options: UpSampling2DOptions = {}): UpSampling2D {
  return new UpSampling2D(options)
}
