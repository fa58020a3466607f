import { formatShape, type Key, type Shape, ShapeError, type Tensor } from '@tensorweft/core'
import { type ActivationFunction, type ActivationName, activationOf } from './activations/named.ts'
import { positiveInteger } from './check-options.ts'
import type { Initializer } from './initializers/initializer.ts'
import type { InitializerName } from './initializers/named.ts'
import { checkFeatures } from './input-shape.ts'
import { WeightedLayer } from './weighted-layer.ts'

export interface DenseOptions {
  /** Size of the last axis of the output. */
  readonly units: number
  /** By default `linear`, which changes nothing. */
  readonly activation?: ActivationFunction | ActivationName
  /** Whether a bias is added; by default it is. */
  readonly useBias?: boolean
  /** Of the kernel [inFeatures, units], by default `glorotUniform`. */
  readonly kernelInitializer?: Initializer | InitializerName
  /** Of the bias [units], by default `zeros`. */
  readonly biasInitializer?: Initializer | InitializerName
  /** In the model's tree of parameters; by default `dense`, `dense_1`, … */
  readonly name?: string
}

/** `activation(x · kernel + bias)` over the last axis; `dense` makes one. */
export class Dense extends WeightedLayer<DenseOptions, 'units', 'kernel', 'bias'> {
  readonly #activation: ActivationFunction

  constructor(options: DenseOptions) {
    super(
      'dense',
      options,
      { units: [positiveInteger] },
      { kernel: 'glorotUniform', bias: 'zeros' },
    )
    const { activation = 'linear' } = options
    this.#activation = activationOf('dense', activation)
  }

  /**
   * Makes the weights for inputs [..., inFeatures] and returns [..., units]. A layer that was built
   * for as many features keeps its weights, so that it may be part of several models.
   *
   * @throws ShapeError for a shape without axes or features, LayerError if the layer was built for
   * another number of features.
   */
  override build(inputShape: Shape, key: Key): Shape {
    const { units, useBias } = this.options
    const kernel = [checkFeatures('dense', inputShape), units]
    this.makeWeights(inputShape, key, { kernel, bias: [units] }, { bias: useBias })
    return [...inputShape.slice(0, -1), units]
  }

  /** @param x [..., inFeatures] */
  override call(x: Tensor): Tensor {
    const { kernel, bias } = this.weights
    const [inFeatures] = kernel.shape
    if (x.shape.at(-1) !== inFeatures) {
      throw new ShapeError('dense', {
        got: `x is ${formatShape(x.shape)} and the kernel ${formatShape(kernel.shape)}`,
        wanted: `x [..., ${inFeatures}], as it was built`,
      })
    }
    const product = x.matmul(kernel.value)
    return this.#activation(bias === undefined ? product : product.add(bias.value))
  }
}

/**
 * A fully connected layer: `activation(x · kernel + bias)` over the last axis of x
 * [..., inFeatures], giving [..., units].
 *
 * @throws ArgumentError for units that are no positive integer, or unknown names.
 * @example
 * ```ts
 * const layer = dense({ units: 2, activation: 'relu', kernelInitializer: 'ones' })
 * layer.build([3], key(0))
 * await layer.apply(tensor([[1, 2, 3]])).array() // [[6, 6]]
 * ```
 */
export function dense(options: DenseOptions): Dense {
  return new Dense(options)
}
