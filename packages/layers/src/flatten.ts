import { type Key, type Shape, sizeOf, type Tensor } from '@tensorweft/core'
import { ConfiguredLayer } from './configured-layer.ts'

/** Everything but the batch axis in one row; `flatten` makes one. */
export class Flatten extends ConfiguredLayer<object> {
  constructor() {
    super('flatten', {}, {})
  }

  override build(inputShape: Shape, _key?: Key): Shape {
    return [sizeOf(inputShape)]
  }

  /** @param x [batch, …] */
  override call(x: Tensor): Tensor {
    const [batch = 1, ...rest] = x.shape
    return x.reshape([batch, sizeOf(rest)])
  }
}

/**
 * A layer that makes a row of each sample: [batch, height, width, channels] becomes
 * [batch, height · width · channels].
 *
 * @example
 * ```ts
 * flatten().apply(zeros([32, 28, 28, 1])).shape // [32, 784]
 * ```
 */
export function flatten(): Flatten {
  return new Flatten()
}
