import { settleOptions } from '@tensorweft/core'
import { notNegative, positive, stepCount } from '../check-option.ts'
import { exponentialDecay } from './exponential-decay.ts'
import type { Schedule } from './schedule.ts'

export interface StepDecayOptions {
  readonly initialLearningRate: number
  /** Factor every `stepSize` steps. */
  readonly decayRate: number
  readonly stepSize: number
}

/**
 * `initialLearningRate · decayRate^⌊step / stepSize⌋`.
 *
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const schedule = stepDecay({ initialLearningRate: 1, decayRate: 0.5, stepSize: 10 })
 * await schedule(tensor([9, 10, 20], { dtype: 'int32' })).array() // [1, 0.5, 0.25]
 * ```
 */
export function stepDecay(options: StepDecayOptions): Schedule {
  const settled = settleOptions('stepDecay', options, {
    initialLearningRate: [notNegative],
    decayRate: [positive],
    stepSize: [stepCount],
  })
  return exponentialDecay({ ...settled, decaySteps: settled.stepSize, staircase: true })
}
