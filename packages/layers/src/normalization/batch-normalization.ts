import {
  ArgumentError,
  batchNorm,
  type CallContext,
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
import type { Initializer } from '../initializers/initializer.ts'
import { type InitializerName, initializerOf } from '../initializers/named.ts'

export interface BatchNormalizationOptions {
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

interface Weights {
  readonly gamma: Parameter | undefined
  readonly beta: Parameter | undefined
  readonly movingMean: Parameter
  readonly movingVariance: Parameter
}

/** Normalisation per channel over a batch; `batchNormalization` makes one. */
export class BatchNormalization extends Layer {
  readonly #options: BatchNormalizationOptions
  readonly #initializers: Readonly<Record<keyof Weights, Initializer>>
  #weights: Weights | undefined

  constructor(options: BatchNormalizationOptions = {}) {
    super()
    const { momentum = 0.99, epsilon = 1e-3 } = options
    checkNumbers(momentum, epsilon)
    const initializer = (choice: Initializer | InitializerName) =>
      initializerOf('batchNormalization', choice)
    this.#options = options
    this.#initializers = {
      gamma: initializer(options.gammaInitializer ?? 'ones'),
      beta: initializer(options.betaInitializer ?? 'zeros'),
      movingMean: initializer(options.movingMeanInitializer ?? 'zeros'),
      movingVariance: initializer(options.movingVarianceInitializer ?? 'ones'),
    }
  }

  /**
   * Makes the weights for inputs [..., channels] and returns their shape. A layer that was built
   * for as many channels keeps its weights.
   *
   * @throws ShapeError for a shape without channels, LayerError if the layer was built for another
   * number of them.
   */
  override build(inputShape: Shape, key: Key): Shape {
    const channels = inputShape.at(-1)
    if (channels === undefined || !Number.isSafeInteger(channels) || channels < 1) {
      throw new ShapeError('batchNormalization', {
        got: `inputs of shape ${formatShape(inputShape)}`,
        wanted: '[..., channels] without the batch axis',
      })
    }
    if (this.#weights === undefined) this.#weights = this.#makeWeights(channels, key)
    else if (this.#weights.movingMean.shape[0] !== channels) {
      throw new LayerError('batchNormalization', {
        got: `build for inputs ${formatShape(inputShape)} after weights ${formatShape(this.#weights.movingMean.shape)} were made`,
        wanted: 'one number of channels',
        hint: 'make another layer',
      })
    }
    return inputShape
  }

  /** @param x [batch, …, channels] */
  override call(x: Tensor, { training = false }: CallContext): Tensor {
    const weights = this.#weights
    if (weights === undefined) {
      throw new LayerError('batchNormalization', {
        got: 'inputs before it was built',
        hint: 'call build(inputShape, key) of the model first',
      })
    }
    const { gamma, beta, movingMean, movingVariance } = weights
    const { momentum = 0.99, epsilon = 1e-3 } = this.#options
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

  override get parameters(): ParameterTree {
    const { gamma, beta } = this.#weights ?? {}
    return { ...(gamma && { gamma }), ...(beta && { beta }) }
  }

  /** The moving statistics: not trained, but updated whenever the layer is applied in training. */
  override get state(): ParameterTree {
    if (this.#weights === undefined) return {}
    const { movingMean, movingVariance } = this.#weights
    return { movingMean, movingVariance }
  }

  override get config(): LayerConfig {
    return { type: 'batchNormalization', ...this.#options }
  }

  #makeWeights(channels: number, key: Key): Weights {
    const { center = true, scale = true } = this.#options
    const names = ['gamma', 'beta', 'movingMean', 'movingVariance'] as const
    const keys = splitKey(key, names.length)
    const make = (name: keyof Weights, trainable: boolean) => {
      const own = keys[names.indexOf(name)] ?? key
      return new Parameter(this.#initializers[name]([channels], own), { name, trainable })
    }
    return {
      gamma: scale ? make('gamma', true) : undefined,
      beta: center ? make('beta', true) : undefined,
      movingMean: make('movingMean', false),
      movingVariance: make('movingVariance', false),
    }
  }
}

function checkNumbers(momentum: number, epsilon: number): void {
  if (!(momentum >= 0 && momentum <= 1)) {
    throw new ArgumentError('batchNormalization', {
      got: `momentum ${momentum}`,
      wanted: 'a number from 0 to 1',
    })
  }
  if (!(epsilon >= 0)) {
    throw new ArgumentError('batchNormalization', {
      got: `epsilon ${epsilon}`,
      wanted: 'a small positive number',
    })
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
