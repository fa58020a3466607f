import { type Key, Layer, type LayerConfig, type Shape, type Tensor } from '@tensorweft/core'
import { type ActivationFunction, type ActivationName, activationOf } from './named.ts'

/** An activation as a layer of its own. */
export class Activation extends Layer {
  readonly #choice: ActivationFunction | ActivationName
  readonly #function: ActivationFunction

  constructor(choice: ActivationFunction | ActivationName) {
    super()
    this.#choice = choice
    this.#function = activationOf('activation', choice)
  }

  override build(inputShape: Shape, _key?: Key): Shape {
    return inputShape
  }

  override call(x: Tensor): Tensor {
    return this.#function(x)
  }

  override get config(): LayerConfig {
    return { type: 'activation', activation: this.#choice }
  }
}

/**
 * A layer that applies an activation by Keras' name, such as `relu`, `gelu` or `softmax` (over the
 * last axis), or a function of one's own. x [batch, …] keeps its shape.
 *
 * @throws ArgumentError for an unknown name.
 * @example
 * ```ts
 * await activation('relu').apply(tensor([[-1, 2]])).array() // [[0, 2]]
 * ```
 */
export function activation(choice: ActivationFunction | ActivationName): Activation {
  return new Activation(choice)
}
