import { floorDiv, settleOptions } from '@tensorweft/core'
import { notNegative, positive, stepCount } from '../check-option.ts'
import type { Schedule } from './schedule.ts'

export interface ExponentialDecayOptions {
  readonly initialLearningRate: number
  /** Factor that is reached after `decaySteps`. */
  readonly decayRate: number
  readonly decaySteps: number
  /** Whether the rate changes every `decaySteps` only; by default false. */
  readonly staircase?: boolean
}

/**
 * `initialLearningRate · decayRate^(step / decaySteps)`, with the exponent rounded down if
 * `staircase`.
 *
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const schedule = exponentialDecay({
 *   initialLearningRate: 1,
 *   decayRate: 0.25,
 *   decaySteps: 10,
 * })
 * await schedule(tensor([0, 5, 10], { dtype: 'int32' })).array() // [1, 0.5, 0.25]
 * ```
 */
export function exponentialDecay(options: ExponentialDecayOptions): Schedule {
  const { initialLearningRate, decayRate, decaySteps } = settleOptions(
    'exponentialDecay',
    options,
    {
      initialLearningRate: [notNegative],
      decayRate: [positive],
      decaySteps: [stepCount],
    },
  )
  const { staircase } = options
  const logRate = Math.log(decayRate)
  return (step) => {
    const exponent = staircase
      ? floorDiv(step, decaySteps).cast('float32')
      : step.cast('float32').div(decaySteps)
    return exponent.mul(logRate).exp().mul(initialLearningRate)
  }
}
