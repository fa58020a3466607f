import type { Tensor } from '@tensorweft/core'
import { ConfiguredLayer } from '../configured-layer.ts'
import { type ActivationFunction, type ActivationName, activationOf } from './named.ts'

interface Choice {
  readonly activation: ActivationFunction | ActivationName
}

/** An activation as a layer of its own. */
export class Activation extends ConfiguredLayer<Choice> {
  readonly #function: ActivationFunction

  constructor(choice: ActivationFunction | ActivationName) {
    super('activation', { activation: choice }, {})
    this.#function = activationOf('activation', choice)
  }

  override call(x: Tensor): Tensor {
    return this.#function(x)
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
