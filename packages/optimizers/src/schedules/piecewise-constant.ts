import { checkOption, full, type OptionRule, settleOptions, where } from '@tensorweft/core'
import type { Schedule } from './schedule.ts'

export interface PiecewiseConstantOptions {
  /** Last steps of all rates but the last one, ascending integers. */
  readonly boundaries: readonly number[]
  /** One rate more than boundaries. */
  readonly values: readonly number[]
}

const ascending: OptionRule = [
  'a list of ascending integers from 0',
  (_, list) =>
    Array.isArray(list) && list.every((n, i) => Number.isInteger(n) && n > (list[i - 1] ?? -1)),
]

const rates: OptionRule = [
  'a list of finite numbers that are not negative',
  (_, list) => Array.isArray(list) && list.every((n) => Number.isFinite(n) && n >= 0),
]

/**
 * `values[i]` with i the number of boundaries that are less than `step`: a step that equals a
 * boundary still has the earlier value.
 *
 * @throws ArgumentError for boundaries that do not ascend, negative values, or numbers of them that
 * do not match.
 * @example
 * ```ts
 * const schedule = piecewiseConstant({ boundaries: [5], values: [1, 0.25] })
 * await schedule(tensor([0, 5, 6], { dtype: 'int32' })).array() // [1, 1, 0.25]
 * ```
 */
export function piecewiseConstant(options: PiecewiseConstantOptions): Schedule {
  const { boundaries, values } = settleOptions('piecewiseConstant', options, {
    boundaries: [ascending],
    values: [rates],
  })
  checkOption('piecewiseConstant', 'values', values, [
    `one more than the ${boundaries.length} boundaries`,
    () => values.length === boundaries.length + 1,
  ])
  const last = values.at(-1) ?? 0
  return (step) =>
    boundaries.reduceRight(
      (later, boundary, i) => where(step.lessEqual(boundary), values[i] ?? 0, later),
      full(step.shape, last),
    )
}
