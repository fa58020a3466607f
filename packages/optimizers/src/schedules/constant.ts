import { full, settleOptions } from '@tensorweft/core'
import { notNegative } from '../check-option.ts'
import type { Schedule } from './schedule.ts'

/**
 * The same rate at every step, fixed in the compiled step. A rate that is to be changed by hand is
 * a number instead: `adam({ learningRate: 0.001 })`.
 *
 * @throws ArgumentError for a negative rate.
 * @example
 * ```ts
 * const schedule = constant({ learningRate: 0.5 })
 * await schedule(tensor([0, 1000], { dtype: 'int32' })).array() // [0.5, 0.5]
 * ```
 */
export function constant(options: { readonly learningRate: number }): Schedule {
  const { learningRate } = settleOptions('constant', options, { learningRate: [notNegative] })
  return (step) => full(step.shape, learningRate)
}
