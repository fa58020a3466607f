import {
  ArgumentError,
  formatShape,
  type Key,
  Layer,
  type LayerConfig,
  LayerError,
  layerNorm,
  normalizeAxes,
  Parameter,
  type ParameterTree,
  type Shape,
  ShapeError,
  sameShape,
  splitKey,
  type Tensor,
} from '@tensorweft/core'
import type { Initializer } from '../initializers/initializer.ts'
import { type InitializerName, initializerOf } from '../initializers/named.ts'

export interface LayerNormalizationOptions {
  /** Axes that are normalised together, counted with the batch; by default −1, the last. */
  readonly axis?: number | readonly number[]
  /** Added to the variance under the root, by default 0.001. */
  readonly epsilon?: number
  /** Whether there is a beta, which is added; by default there is. */
  readonly center?: boolean
  /** Whether there is a gamma, which scales; by default there is. */
  readonly scale?: boolean
  /** Of beta in the shape of the axes, by default `zeros`. */
  readonly betaInitializer?: Initializer | InitializerName
  /** Of gamma in the shape of the axes, by default `ones`. */
  readonly gammaInitializer?: Initializer | InitializerName
  /** In the model's tree of parameters; by default `layerNormalization` with a number. */
  readonly name?: string
}

interface Weights {
  readonly gamma: Parameter | undefined
  readonly beta: Parameter | undefined
}

/** Normalisation of each sample by itself; `layerNormalization` makes one. */
export class LayerNormalization extends Layer {
  readonly #options: LayerNormalizationOptions
  readonly #axis: readonly number[]
  readonly #epsilon: number
  readonly #gammaInitializer: Initializer
  readonly #betaInitializer: Initializer
  /** Of the weights; undefined before `build`. */
  #shape: Shape | undefined
  #weights: Weights = { gamma: undefined, beta: undefined }

  constructor(options: LayerNormalizationOptions = {}) {
    super()
    const { axis = -1, epsilon = 1e-3 } = options
    if (!(epsilon >= 0)) {
      throw new ArgumentError('layerNormalization', {
        got: `epsilon ${epsilon}`,
        wanted: 'a small positive number',
      })
    }
    this.#options = options
    this.#axis = typeof axis === 'number' ? [axis] : axis
    this.#epsilon = epsilon
    this.#gammaInitializer = initializerOf('layerNormalization', options.gammaInitializer ?? 'ones')
    this.#betaInitializer = initializerOf('layerNormalization', options.betaInitializer ?? 'zeros')
  }

  /**
   * Makes the weights for inputs of a shape and returns that shape. A layer whose axes had the same
   * sizes before keeps its weights.
   *
   * @throws ShapeError for axes that the inputs do not have, or the batch axis; LayerError if the
   * axes had other sizes.
   */
  override build(inputShape: Shape, key: Key): Shape {
    const axes = normalizeAxes('layerNormalization', this.#axis, inputShape.length + 1)
    if (axes.includes(0)) {
      throw new ShapeError('layerNormalization', {
        got: `axis ${formatShape(this.#axis)} for inputs ${formatShape(inputShape)}`,
        wanted: 'axes other than 0, the batch',
      })
    }
    const shape = axes.map((axis) => inputShape[axis - 1] ?? 1)
    if (this.#shape === undefined) this.#makeWeights(shape, key)
    else if (!sameShape(this.#shape, shape)) {
      throw new LayerError('layerNormalization', {
        got: `build for weights ${formatShape(shape)} after weights ${formatShape(this.#shape)} were made`,
        wanted: 'one size of the axes',
        hint: 'make another layer',
      })
    }
    return inputShape
  }

  /** @param x [batch, …] */
  override call(x: Tensor): Tensor {
    if (this.#shape === undefined) {
      throw new LayerError('layerNormalization', {
        got: 'inputs before it was built',
        hint: 'call build(inputShape, key) of the model first',
      })
    }
    const { gamma, beta } = this.#weights
    return layerNorm(x, gamma?.value, beta?.value, { axes: this.#axis, epsilon: this.#epsilon })
  }

  override get parameters(): ParameterTree {
    const { gamma, beta } = this.#weights
    return { ...(gamma && { gamma }), ...(beta && { beta }) }
  }

  override get config(): LayerConfig {
    return { type: 'layerNormalization', ...this.#options }
  }

  #makeWeights(shape: Shape, key: Key): void {
    const { center = true, scale = true } = this.#options
    const [gammaKey = key, betaKey = key] = splitKey(key, 2)
    const gamma = this.#gammaInitializer(shape, gammaKey)
    const beta = this.#betaInitializer(shape, betaKey)
    this.#shape = shape
    this.#weights = {
      gamma: scale ? new Parameter(gamma, { name: 'gamma' }) : undefined,
      beta: center ? new Parameter(beta, { name: 'beta' }) : undefined,
    }
  }
}

/**
 * A layer that gives every sample of x [batch, …] mean 0 and variance 1 over `axis`, scales by
 * gamma and adds beta, in training and out of it alike.
 *
 * @throws ArgumentError for options out of range, or unknown names.
 * @example
 * ```ts
 * const layer = layerNormalization({ epsilon: 1e-6 })
 * layer.build([2], key(0)) // [2]
 * await layer.apply(tensor([[1, 3], [10, 30]])).array() // [[-1, 1], [-1, 1]]
 * ```
 */
export function layerNormalization(options: LayerNormalizationOptions = {}): LayerNormalization {
  return new LayerNormalization(options)
}
