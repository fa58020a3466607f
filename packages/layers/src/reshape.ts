import { type Key, type OptionRule, type Shape, type Tensor, zeros } from '@tensorweft/core'
import { ConfiguredLayer } from './configured-layer.ts'

export interface ReshapeOptions {
  /** The shape of each sample, without the batch; one size may be −1, which takes what is left. */
  readonly targetShape: Shape
  /** By default `reshape` with a number. */
  readonly name?: string
}

const sizes: OptionRule = [
  'a list of integers from 0, or -1 once',
  (_, list) =>
    Array.isArray(list) &&
    list.every((n) => Number.isSafeInteger(n) && n >= -1) &&
    list.indexOf(-1) === list.lastIndexOf(-1),
]

/** Samples of another shape; `reshape` makes one. */
export class Reshape extends ConfiguredLayer<ReshapeOptions, 'targetShape'> {
  constructor(options: ReshapeOptions) {
    super('reshape', options, { targetShape: [sizes] })
  }

  /**
   * The target shape, with its −1 replaced.
   *
   * @throws ShapeError if it does not have as many elements as the input.
   */
  override build(inputShape: Shape, _key?: Key): Shape {
    // The op settles the shape when it is called; nothing is computed, as nothing is read.
    return zeros(inputShape).reshape(this.options.targetShape).shape
  }

  /** @param x [batch, …] */
  override call(x: Tensor): Tensor {
    const [batch = 1, ...sample] = x.shape
    return x.reshape([batch, ...this.build(sample)])
  }
}

/**
 * A layer that gives each sample of x [batch, …] another shape with as many elements.
 *
 * @throws ArgumentError for what is no shape, or has more than one −1.
 * @example
 * ```ts
 * const layer = reshape({ targetShape: [7, 7, -1] })
 * layer.build([3136], key(0)) // [7, 7, 64]
 * ```
 */
export function reshape(options: ReshapeOptions): Reshape {
  return new Reshape(options)
}
