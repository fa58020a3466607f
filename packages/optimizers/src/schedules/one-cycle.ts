import { checkOption, settleOptions, where } from '@tensorweft/core'
import { notNegative, positive, share, stepCount } from '../check-option.ts'
import { cosineBetween, type Schedule } from './schedule.ts'

export interface OneCycleOptions {
  /** Rate at the peak. */
  readonly maxLearningRate: number
  readonly totalSteps: number
  /** Share of the steps in which the rate rises, by default 0.3. */
  readonly percentStart?: number
  /** By what the first rate is below the peak, by default 25. */
  readonly divFactor?: number
  /** By what the last rate is below the first, by default 10,000. */
  readonly finalDivFactor?: number
}

/**
 * One rise and one fall along cosine waves: from `a = maxLearningRate / divFactor` up to
 * `maxLearningRate` at step `u = percentStart · totalSteps − 1`, then down to `a / finalDivFactor`
 * at step `totalSteps − 1`, where it stays.
 *
 * Smith, Topin, "Super-convergence: very fast training of neural networks using large learning
 * rates", 2019.
 *
 * @throws ArgumentError for options outside their range, also where rise or fall has no step.
 * @example
 * ```ts
 * const schedule = oneCycle({ maxLearningRate: 1, totalSteps: 10, divFactor: 4 })
 * await schedule(tensor([0, 1, 2], { dtype: 'int32' })).array() // [0.25, 0.625, 1]
 * ```
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const { maxLearningRate, totalSteps, percentStart, divFactor, finalDivFactor } = settleOptions(
    'oneCycle',
    options,
    {
      maxLearningRate: [notNegative],
      totalSteps: [stepCount],
      percentStart: [share, 0.3],
      divFactor: [positive, 25],
      finalDivFactor: [positive, 1e4],
    },
  )
  const peak = percentStart * totalSteps - 1
  const end = totalSteps - 1
  checkOption('oneCycle', 'percentStart', percentStart, [
    `more than one step of rise, and a fall after it, in ${totalSteps} steps`,
    () => peak > 0 && peak < end,
  ])
  const first = maxLearningRate / divFactor
  return (step) => {
    const at = step.cast('float32')
    const rise = cosineBetween(first, maxLearningRate, at.div(peak))
    const passed = at
      .sub(peak)
      .div(end - peak)
      .minimum(1)
    const fall = cosineBetween(maxLearningRate, first / finalDivFactor, passed)
    return where(at.lessEqual(peak), rise, fall)
  }
}
