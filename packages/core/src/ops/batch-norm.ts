import type { FloatDType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape } from '../shape.ts'
import { add } from './add.ts'
import { checkNumber } from './check-numbers.ts'
import { defineComposite } from './define-composite.ts'
import { checkFloat } from './log-sum-exp.ts'
import { alongAxes, inverseRoot, momentsOf, type NormOptions, scaleAndShift } from './moments.ts'
import { mul } from './mul.ts'
import { reshape } from './reshape.ts'
import { sub } from './sub.ts'

export interface BatchNormOptions extends NormOptions {
  /** Normalise by the statistics of the batch instead of the running ones; by default not. */
  readonly training?: boolean
  /** Share of the running statistics that stays when a batch is added; by default 0.99. */
  readonly momentum?: number
}

/** The result of `batchNorm`, and the running statistics [channels] after it. */
export interface BatchNormResult<D extends FloatDType> {
  readonly y: Tensor<D>
  readonly runningMean: Tensor<D>
  readonly runningVariance: Tensor<D>
}

/**
 * Batch normalisation: `(x − mean) / √(variance + epsilon) · gamma + beta` per channel. With
 * `training`, mean and (biased) variance are those of the batch over all axes but the last, and the
 * running statistics become `momentum · running + (1 − momentum) · batch`; without, the running
 * statistics are used and stay. Ioffe, Szegedy: "Batch normalization", 2015.
 *
 * @param x [batch, …spatial, channels], float.
 * @param gamma [channels], as `beta`; either may be undefined.
 * @param runningMean [channels], as `runningVariance`.
 * @throws ShapeError or DTypeError for what does not fit.
 * @example
 * ```ts
 * import { batchNorm, ones, tensor, zeros } from '@tensorweft/core'
 *
 * const x = tensor([[1], [3]])
 * const statistics = [zeros([1]), ones([1])] as const
 * const trained = batchNorm(x, undefined, undefined, ...statistics, { training: true, momentum: 0.9 })
 * await trained.runningMean.array() // [0.2]
 * ```
 */
export function batchNorm<D extends FloatDType>(
  x: Tensor<D>,
  gamma: Tensor<D> | undefined,
  beta: Tensor<D> | undefined,
  runningMean: Tensor<D>,
  runningVariance: Tensor<D>,
  { training = false, momentum = 0.99, epsilon = 1e-3 }: BatchNormOptions = {},
): BatchNormResult<D> {
  checkFloat('batchNorm', x)
  checkNumber('batchNorm', 'epsilon', epsilon, 0)
  checkNumber('batchNorm', 'momentum', momentum, 0, 1)
  if (x.rank < 2) {
    throw new ShapeError('batchNorm', {
      got: `x is ${formatShape(x.shape)}`,
      wanted: '[batch, …spatial, channels]',
    })
  }
  const channels = [x.rank - 1]
  const mean = alongAxes('batchNorm', 'runningMean', runningMean, x, channels)
  const variance = alongAxes('batchNorm', 'runningVariance', runningVariance, x, channels)
  if (!training) {
    const y = batchNormRegion(sub(x, mean), variance, gamma, beta, epsilon)
    return { y, runningMean, runningVariance }
  }
  const batch = momentsOf(x, [...x.shape.keys()].slice(0, -1))
  const mixed = (running: Tensor<D>, own: Tensor<D>) =>
    add(mul(running, momentum), mul(reshape(own, running.shape), 1 - momentum))
  return {
    y: batchNormRegion(batch.centered, batch.variance, gamma, beta, epsilon),
    runningMean: mixed(runningMean, batch.mean),
    runningVariance: mixed(runningVariance, batch.variance),
  }
}

const batchNormRegion: <D extends FloatDType>(
  centered: Tensor<D>,
  variance: Tensor<D>,
  gamma: Tensor<D> | undefined,
  beta: Tensor<D> | undefined,
  epsilon: number,
) => Tensor<D> = defineComposite(
  'batchNorm',
  (centered, variance, gamma, beta, epsilon) => {
    const normal = mul(centered, inverseRoot(variance, epsilon))
    return scaleAndShift('batchNorm', normal, [centered.rank - 1], gamma, beta)
  },
  ['centered', 'variance', 'gamma', 'beta', 'epsilon'],
)
