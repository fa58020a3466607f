import { leakyRelu as applyLeakyRelu, type Tensor } from '@tensorweft/core'
import { notNegative } from '../check-options.ts'
import { ConfiguredLayer } from '../configured-layer.ts'

export interface LeakyReLUOptions {
  /** Slope left of 0, by default 0.3. */
  readonly negativeSlope?: number
  /** By default `leakyRelu` with a number. */
  readonly name?: string
}

/** A rectifier that lets some of the negative through; `leakyRelu` makes one. */
export class LeakyReLU extends ConfiguredLayer<LeakyReLUOptions, 'negativeSlope'> {
  constructor(options: LeakyReLUOptions = {}) {
    super('leakyRelu', options, { negativeSlope: [notNegative, 0.3] })
  }

  override call(x: Tensor): Tensor {
    return applyLeakyRelu(x, { alpha: this.options.negativeSlope })
  }
}

/**
 * A layer that gives `x` where it is positive and `negativeSlope · x` elsewhere. x [batch, …] keeps
 * its shape.
 *
 * @throws ArgumentError for a negative slope that is negative itself.
 * @example
 * ```ts
 * await leakyRelu({ negativeSlope: 0.5 }).apply(tensor([[-2, 2]])).array() // [[-1, 2]]
 * ```
 */
export function leakyRelu(options: LeakyReLUOptions = {}): LeakyReLU {
  return new LeakyReLU(options)
}
