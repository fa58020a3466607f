import { settleOptions } from '@tensorweft/core'
import { notNegative, stepCount } from '../check-option.ts'
import { linearWarmup } from './linear-warmup.ts'
import { cosineBetween, passedShare, type Schedule } from './schedule.ts'

export interface WarmupCosineOptions {
  /** Rate at step 0, by default 0. */
  readonly initialLearningRate?: number
  readonly peakLearningRate: number
  /** Rate at the end and after it, by default 0. */
  readonly endLearningRate?: number
  readonly warmupSteps: number
  /** Steps from the peak to the end, after those of the warm-up. */
  readonly decaySteps: number
}

/**
 * A linear rise to `peakLearningRate` over `warmupSteps`, then half a cosine wave down to
 * `endLearningRate` over `decaySteps`.
 *
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const schedule = warmupCosine({ peakLearningRate: 0.5, warmupSteps: 5, decaySteps: 10 })
 * await schedule(tensor([0, 5, 10, 15], { dtype: 'int32' })).array() // [0, 0.5, 0.25, 0]
 * ```
 */
export function warmupCosine(options: WarmupCosineOptions): Schedule {
  const { peakLearningRate, warmupSteps, decaySteps, initialLearningRate, endLearningRate } =
    settleOptions('warmupCosine', options, {
      peakLearningRate: [notNegative],
      warmupSteps: [stepCount],
      decaySteps: [stepCount],
      initialLearningRate: [notNegative, 0],
      endLearningRate: [notNegative, 0],
    })
  const schedule: Schedule = (step) =>
    cosineBetween(peakLearningRate, endLearningRate, passedShare(step, decaySteps))
  return linearWarmup({ initialLearningRate, warmupSteps, schedule })
}
