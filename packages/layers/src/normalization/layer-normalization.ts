import {
  formatShape,
  type Key,
  layerNorm,
  normalizeAxes,
  type OptionRule,
  type Shape,
  ShapeError,
  type Tensor,
} from '@tensorweft/core'
import { notNegative } from '../check-options.ts'
import type { Initializer } from '../initializers/initializer.ts'
import type { InitializerName } from '../initializers/named.ts'
import { WeightedLayer } from '../weighted-layer.ts'

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

const axes: OptionRule = [
  'an integer, or a list of them',
  (_, value) => [value].flat().every(Number.isInteger),
]

/** Normalisation of each sample by itself; `layerNormalization` makes one. */
export class LayerNormalization extends WeightedLayer<
  LayerNormalizationOptions,
  'axis' | 'epsilon',
  never,
  'gamma' | 'beta'
> {
  readonly #axes: readonly number[]

  constructor(options: LayerNormalizationOptions = {}) {
    super(
      'layerNormalization',
      options,
      { axis: [axes, -1], epsilon: [notNegative, 1e-3] },
      { gamma: 'ones', beta: 'zeros' },
    )
    const { axis } = this.options
    this.#axes = typeof axis === 'number' ? [axis] : axis
  }

  /**
   * Makes the weights for inputs of a shape and returns that shape. A layer whose axes had the same
   * sizes before keeps its weights.
   *
   * @throws ShapeError for axes that the inputs do not have, or the batch axis; LayerError if the
   * axes had other sizes.
   */
  override build(inputShape: Shape, key: Key): Shape {
    const { scale, center } = this.options
    const axes = normalizeAxes(this.type, this.#axes, inputShape.length + 1)
    if (axes.includes(0)) {
      throw new ShapeError(this.type, {
        got: `axis ${formatShape(this.#axes)} for inputs ${formatShape(inputShape)}`,
        wanted: 'axes other than 0, the batch',
      })
    }
    const shape = axes.map((axis) => inputShape[axis - 1] ?? 1)
    const isUsed = { gamma: scale, beta: center }
    this.makeWeights(inputShape, key, { gamma: shape, beta: shape }, isUsed)
    return inputShape
  }

  /** @param x [batch, …] */
  override call(x: Tensor): Tensor {
    const { gamma, beta } = this.weights
    const { epsilon } = this.options
    return layerNorm(x, gamma?.value, beta?.value, { axes: this.#axes, epsilon })
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
