import {
  type Key,
  type PoolOptions,
  type Shape,
  type Tensor,
  type WindowPadding,
  zeros,
} from '@tensorweft/core'
import { ConfiguredLayer } from '../configured-layer.ts'
import { type HeightWidth, heightAndWidth, heightWidth } from '../height-width.ts'
import { checkImageShape } from '../input-shape.ts'
import { windowPadding } from '../window-padding.ts'

export interface Pooling2DOptions {
  /** Size of the window, by default 2. */
  readonly poolSize?: HeightWidth
  /** Steps of the window; by default its size, so that windows do not overlap. */
  readonly strides?: HeightWidth
  /** None (`valid`, the default), so that sizes become ⌈size / stride⌉ (`same`), or as given. */
  readonly padding?: WindowPadding
  /** By default the type with a number. */
  readonly name?: string
}

/** What is made of every window. */
export type Pool = (x: Tensor, options: PoolOptions) => Tensor

/** What layers that slide a window over images have in common. */
export abstract class Pooling2D extends ConfiguredLayer<
  Pooling2DOptions,
  'poolSize' | 'strides' | 'padding'
> {
  readonly #pool: Pool
  readonly #window: PoolOptions

  protected constructor(type: string, pool: Pool, options: Pooling2DOptions) {
    super(type, options, {
      poolSize: [heightWidth, 2],
      strides: [heightWidth, options?.poolSize ?? 2],
      padding: [windowPadding, 'valid'],
    })
    const { poolSize, strides, padding } = this.options
    this.#pool = pool
    this.#window = {
      poolSize: heightAndWidth(poolSize),
      strides: heightAndWidth(strides),
      padding,
    }
  }

  /**
   * The shape [outHeight, outWidth, channels] for images [height, width, channels].
   *
   * @throws ShapeError for a shape that is none of images, or that the window does not fit.
   */
  override build(inputShape: Shape, _key?: Key): Shape {
    checkImageShape(this.type, inputShape)
    // The op settles shapes when it is called; nothing is computed, as nothing is read.
    return this.call(zeros([1, ...inputShape])).shape.slice(1)
  }

  /** @param x [batch, height, width, channels] */
  override call(x: Tensor): Tensor {
    return this.#pool(x, this.#window)
  }
}
