import { settleOptions } from '@tensorweft/core'
import { notNegative, share, stepCount } from '../check-option.ts'
import { cosineBetween, passedShare, type Schedule } from './schedule.ts'

export interface CosineDecayOptions {
  readonly initialLearningRate: number
  readonly decaySteps: number
  /** Share of the initial rate that is left at the end and after it, by default 0. */
  readonly alpha?: number
}

/**
 * Half a cosine wave: with `s = min(step, decaySteps) / decaySteps`,
 * `initialLearningRate · (alpha + (1 − alpha) (1 + cos(π s)) / 2)`. For a slow start see
 * `warmupCosine` and `linearWarmup`.
 *
 * Loshchilov, Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017, equation 5.
 *
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const schedule = cosineDecay({ initialLearningRate: 0.5, decaySteps: 10 })
 * await schedule(tensor([0, 5, 20], { dtype: 'int32' })).array() // [0.5, 0.25, 0]
 * ```
 */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  const { initialLearningRate, decaySteps, alpha } = settleOptions('cosineDecay', options, {
    initialLearningRate: [notNegative],
    decaySteps: [stepCount],
    alpha: [share, 0],
  })
  return (step) =>
    cosineBetween(initialLearningRate, initialLearningRate * alpha, passedShare(step, decaySteps))
}
