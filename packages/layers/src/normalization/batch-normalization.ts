import {
  batchNorm,
  type CallContext,
  type Key,
  type OptionRule,
  type Shape,
  type Tensor,
} from '@tensorweft/core'
import { notNegative, share } from '../check-options.ts'
import type { Initializer } from '../initializers/initializer.ts'
import type { InitializerName } from '../initializers/named.ts'
import { checkFeatures } from '../input-shape.ts'
import { WeightedLayer } from '../weighted-layer.ts'

export interface BatchNormalizationOptions {
  /** The axis of the channels: the last one, −1, here as everywhere. */
  readonly axis?: -1
  /** Share of the moving statistics that stays at each step, by default 0.99. */
  readonly momentum?: number
  /** Added to the variance under the root, by default 0.001. */
  readonly epsilon?: number
  /** Whether there is a beta [channels], which is added; by default there is. */
  readonly center?: boolean
  /** Whether there is a gamma [channels], which scales; by default there is. */
  readonly scale?: boolean
  /** By default `zeros`. */
  readonly betaInitializer?: Initializer | InitializerName
  /** By default `ones`. */
  readonly gammaInitializer?: Initializer | InitializerName
  /** By default `zeros`. */
  readonly movingMeanInitializer?: Initializer | InitializerName
  /** By default `ones`. */
  readonly movingVarianceInitializer?: Initializer | InitializerName
  /** In the model's tree of parameters; by default `batchNormalization` with a number. */
  readonly name?: string
}

const lastAxis: OptionRule = ['-1: channels are the last axis', (n) => n === -1]
type Statistic = 'movingMean' | 'movingVariance'
type Affine = 'gamma' | 'beta'

/**
 * Normalisation per channel over a batch; `batchNormalization` makes one. Its state are the moving
 * statistics: not trained, but updated whenever the layer is applied in training.
 */
export class BatchNormalization extends WeightedLayer<
  BatchNormalizationOptions,
  'axis' | 'momentum' | 'epsilon',
  Statistic,
  Affine
> {
  constructor(options: BatchNormalizationOptions = {}) {
    super(
      'batchNormalization',
      options,
      {
        axis: [lastAxis, -1],
        momentum: [share, 0.99],
        epsilon: [notNegative, 1e-3],
      },
      {
        gamma: 'ones',
        beta: 'zeros',
        movingMean: 'zeros',
        movingVariance: 'ones',
      },
    )
  }

  protected override isTrained(name: Statistic | Affine): boolean {
    return name === 'gamma' || name === 'beta'
  }

  /**
   * Makes the weights for inputs [..., channels] and returns their shape. A layer that was built
   * for as many channels keeps its weights.
   *
   * @throws ShapeError for a shape without channels, LayerError if the layer was built for another
   * number of them.
   */
  override build(inputShape: Shape, key: Key): Shape {
    const { scale, center } = this.options
    const shape = [checkFeatures(this.type, inputShape)]
    const shapes = { gamma: shape, beta: shape, movingMean: shape, movingVariance: shape }
    this.makeWeights(inputShape, key, shapes, { gamma: scale, beta: center })
    return inputShape
  }

  /** @param x [batch, …, channels] */
  override call(x: Tensor, { training = false }: CallContext = {}): Tensor {
    const { momentum, epsilon } = this.options
    const { gamma, beta, movingMean, movingVariance } = this.weights
    const result = batchNorm(x, gamma?.value, beta?.value, movingMean.value, movingVariance.value, {
      training,
      momentum,
      epsilon,
    })
    if (training) {
      movingMean.assign(result.runningMean)
      movingVariance.assign(result.runningVariance)
    }
    return result.y
  }
}

/**
 * A layer that gives every channel of x [batch, …, channels] mean 0 and variance 1, scales by gamma
 * and adds beta. With `training` it takes the statistics of the batch and moves its own,
 * `state.movingMean` and `state.movingVariance`, towards them; without, it uses its own.
 *
 * @throws ArgumentError for options out of range, or unknown names.
 * @example
 * ```ts
 * const layer = batchNormalization({ momentum: 0.9, epsilon: 1e-6 })
 * layer.build([1], key(0)) // [1]
 * await layer.apply(tensor([[1], [3]]), { training: true }).array() // [[-1], [1]]
 * const { movingMean } = layer.state // 0.2 now
 * ```
 */
export function batchNormalization(options: BatchNormalizationOptions = {}): BatchNormalization {
  return new BatchNormalization(options)
}
