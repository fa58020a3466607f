import {
  ArgumentError,
  leakyRelu as applyLeakyRelu,
  type Key,
  Layer,
  type LayerConfig,
  type Shape,
  type Tensor,
} from '@tensorweft/core'

export interface LeakyReLUOptions {
  /** Slope left of 0, by default 0.3. */
  readonly negativeSlope?: number
  /** By default `leakyRelu` with a number. */
  readonly name?: string
}

/** A rectifier that lets some of the negative through; `leakyRelu` makes one. */
export class LeakyReLU extends Layer {
  readonly #options: LeakyReLUOptions
  readonly #slope: number

  constructor(options: LeakyReLUOptions = {}) {
    super()
    const { negativeSlope = 0.3 } = options
    if (!(negativeSlope >= 0 && Number.isFinite(negativeSlope))) {
      throw new ArgumentError('leakyRelu', {
        got: `negativeSlope ${negativeSlope}`,
        wanted: 'a number that is not negative',
      })
    }
    this.#options = options
    this.#slope = negativeSlope
  }

  override build(inputShape: Shape, _key?: Key): Shape {
    return inputShape
  }

  override call(x: Tensor): Tensor {
    return applyLeakyRelu(x, { alpha: this.#slope })
  }

  override get config(): LayerConfig {
    return { type: 'leakyRelu', ...this.#options }
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
