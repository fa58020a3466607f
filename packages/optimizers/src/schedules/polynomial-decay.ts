import { floorDiv, pow, settleOptions } from '@tensorweft/core'
import { notNegative, positive, stepCount } from '../check-option.ts'
import type { Schedule } from './schedule.ts'

export interface PolynomialDecayOptions {
  readonly initialLearningRate: number
  readonly decaySteps: number
  /** Rate at the end, by default 0.0001. */
  readonly endLearningRate?: number
  /** By default 1: linear. */
  readonly power?: number
  /**
   * Whether the decay is stretched to the next multiple of `decaySteps` once it is over, so that
   * the rate rises again; by default false: it stays at its end.
   */
  readonly cycle?: boolean
}

/**
 * `endLearningRate + (initialLearningRate − endLearningRate) · (1 − s)^power` with the share
 * `s = min(step, T) / T` of `T = decaySteps`, or if `cycle` of
 * `T = decaySteps · max(1, ⌈step / decaySteps⌉)`.
 *
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const schedule = polynomialDecay({
 *   initialLearningRate: 1,
 *   endLearningRate: 0,
 *   decaySteps: 10,
 *   power: 2,
 * })
 * await schedule(tensor([0, 5, 20], { dtype: 'int32' })).array() // [1, 0.25, 0]
 * ```
 */
export function polynomialDecay(options: PolynomialDecayOptions): Schedule {
  const { initialLearningRate, decaySteps, endLearningRate, power } = settleOptions(
    'polynomialDecay',
    options,
    {
      initialLearningRate: [notNegative],
      decaySteps: [stepCount],
      endLearningRate: [notNegative, 0.0001],
      power: [positive, 1],
    },
  )
  const { cycle } = options
  return (step) => {
    const periods = floorDiv(step.add(decaySteps - 1), decaySteps).maximum(1)
    const end = cycle ? periods.mul(decaySteps) : step.mul(0).add(decaySteps)
    const left = end.sub(step).maximum(0).cast('float32').div(end.cast('float32'))
    const factor = power === 1 ? left : pow(left, power)
    return factor.mul(initialLearningRate - endLearningRate).add(endLearningRate)
  }
}
