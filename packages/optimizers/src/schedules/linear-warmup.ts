import { settleOptions, where } from '@tensorweft/core'
import { notNegative, rate, stepCount } from '../check-option.ts'
import { constant } from './constant.ts'
import { passedShare, type Schedule } from './schedule.ts'

export interface LinearWarmupOptions {
  /** Rate at step 0, by default 0. */
  readonly initialLearningRate?: number
  readonly warmupSteps: number
  /** What follows; it sees its own steps from 0. A number stands for a constant rate. */
  readonly schedule: number | Schedule
}

/**
 * Puts a linear start before a schedule: over `warmupSteps` from `initialLearningRate` to the
 * schedule's first rate, then `schedule(step − warmupSteps)`.
 *
 * Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017, section 2.2.
 *
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const schedule = linearWarmup({
 *   warmupSteps: 4,
 *   schedule: exponentialDecay({ initialLearningRate: 1, decayRate: 0.5, decaySteps: 2 }),
 * })
 * await schedule(tensor([0, 1, 4, 6], { dtype: 'int32' })).array() // [0, 0.25, 1, 0.5]
 * ```
 */
export function linearWarmup(options: LinearWarmupOptions): Schedule {
  const { warmupSteps, schedule, initialLearningRate } = settleOptions('linearWarmup', options, {
    warmupSteps: [stepCount],
    schedule: [rate],
    initialLearningRate: [notNegative, 0],
  })
  const after = typeof schedule === 'number' ? constant({ learningRate: schedule }) : schedule
  return (step) => {
    // While it warms up this is the first rate.
    const rate = after(step.sub(warmupSteps).maximum(0))
    const rising = rate.sub(initialLearningRate).mul(passedShare(step, warmupSteps))
    return where(step.less(warmupSteps), rising.add(initialLearningRate), rate)
  }
}
