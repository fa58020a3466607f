import {
  ArgumentError,
  formatShape,
  type Key,
  Layer,
  type LayerConfig,
  LayerError,
  Parameter,
  type ParameterTree,
  type Shape,
  ShapeError,
  splitKey,
  type Tensor,
} from '@tensorweft/core'
import { type ActivationFunction, type ActivationName, activationOf } from './activations/named.ts'
import type { Initializer } from './initializers/initializer.ts'
import { type InitializerName, initializerOf } from './initializers/named.ts'

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
export class Dense extends Layer {
  readonly #options: DenseOptions
  readonly #activation: ActivationFunction
  readonly #kernelInitializer: Initializer
  readonly #biasInitializer: Initializer
  #kernel: Parameter | undefined
  #bias: Parameter | undefined

  constructor(options: DenseOptions) {
    super()
    const { units, activation, kernelInitializer, biasInitializer } = options
    if (!Number.isSafeInteger(units) || units < 1) {
      throw new ArgumentError('dense', { got: `units ${units}`, wanted: 'a positive integer' })
    }
    this.#options = options
    this.#activation = activationOf('dense', activation ?? 'linear')
    this.#kernelInitializer = initializerOf('dense', kernelInitializer ?? 'glorotUniform')
    this.#biasInitializer = initializerOf('dense', biasInitializer ?? 'zeros')
  }

  /**
   * Makes the weights for inputs [..., inFeatures] and returns [..., units]. A layer that was built
   * for as many features keeps its weights, so that it may be part of several models.
   *
   * @throws ShapeError for a shape without axes or features, LayerError if the layer was built for
   * another number of features.
   */
  override build(inputShape: Shape, key: Key): Shape {
    const { units, useBias = true } = this.#options
    const inFeatures = checkInputShape(inputShape)
    if (this.#kernel === undefined) {
      const [kernelKey = key, biasKey = key] = splitKey(key, 2)
      const kernel = this.#kernelInitializer([inFeatures, units], kernelKey)
      const bias = this.#biasInitializer([units], biasKey)
      this.#kernel = new Parameter(kernel, { name: 'kernel' })
      if (useBias) this.#bias = new Parameter(bias, { name: 'bias' })
    } else if (this.#kernel.shape[0] !== inFeatures) {
      throw new LayerError('dense', {
        got: `build for inputs ${formatShape(inputShape)} after a kernel ${formatShape(this.#kernel.shape)} was made`,
        wanted: 'one number of input features',
        hint: 'make another layer',
      })
    }
    return [...inputShape.slice(0, -1), units]
  }

  /** @param x [..., inFeatures] */
  override call(x: Tensor): Tensor {
    const kernel = this.#kernel
    if (kernel === undefined) {
      throw new LayerError('dense', {
        got: 'inputs before it was built',
        hint: 'call build(inputShape, key) of the model first',
      })
    }
    if (x.shape.at(-1) !== kernel.shape[0]) {
      throw new ShapeError('dense', {
        got: `x is ${formatShape(x.shape)} and the kernel ${formatShape(kernel.shape)}`,
        wanted: `x [..., ${kernel.shape[0]}], as it was built`,
      })
    }
    const product = x.matmul(kernel.value)
    return this.#activation(this.#bias === undefined ? product : product.add(this.#bias.value))
  }

  override get parameters(): ParameterTree {
    return {
      ...(this.#kernel && { kernel: this.#kernel }),
      ...(this.#bias && { bias: this.#bias }),
    }
  }

  override get config(): LayerConfig {
    return { type: 'dense', ...this.#options }
  }
}

function checkInputShape(inputShape: Shape): number {
  const inFeatures = inputShape.at(-1)
  if (inFeatures === undefined || !Number.isSafeInteger(inFeatures) || inFeatures < 1) {
    throw new ShapeError('dense', {
      got: `inputs of shape ${formatShape(inputShape)}`,
      wanted: '[..., inFeatures] without the batch axis, with at least one feature',
    })
  }
  return inFeatures
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
