import { div, floorDiv, settleOptions } from '@tensorweft/core'
import { notNegative, stepCount } from '../check-option.ts'
import type { Schedule } from './schedule.ts'

export interface InverseTimeDecayOptions {
  readonly initialLearningRate: number
  /** What is added to the divisor after `decaySteps`. */
  readonly decayRate: number
  readonly decaySteps: number
  /** Whether the rate changes every `decaySteps` only; by default false. */
  readonly staircase?: boolean
}

/**
 * `initialLearningRate / (1 + decayRate · step / decaySteps)`, with the quotient rounded down if
 * `staircase`.
 *
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const schedule = inverseTimeDecay({ initialLearningRate: 1, decayRate: 0.5, decaySteps: 10 })
 * await schedule(tensor([0, 20, 60], { dtype: 'int32' })).array() // [1, 0.5, 0.25]
 * ```
 */
export function inverseTimeDecay(options: InverseTimeDecayOptions): Schedule {
  const { initialLearningRate, decayRate, decaySteps } = settleOptions(
    'inverseTimeDecay',
    options,
    {
      initialLearningRate: [notNegative],
      decayRate: [notNegative],
      decaySteps: [stepCount],
    },
  )
  const { staircase } = options
  return (step) => {
    const time = staircase
      ? floorDiv(step, decaySteps).cast('float32')
      : step.cast('float32').div(decaySteps)
    return div(initialLearningRate, time.mul(decayRate).add(1))
  }
}
