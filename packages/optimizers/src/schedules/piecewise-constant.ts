import { ArgumentError, full, where } from '@tensorweft/core'
import { checkNotNegative } from '../check-option.ts'
import type { Schedule } from './schedule.ts'

export interface PiecewiseConstantOptions {
  /** Last steps of all rates but the last one, ascending integers. */
  readonly boundaries: readonly number[]
  /** One rate more than boundaries. */
  readonly values: readonly number[]
}

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
export function piecewiseConstant({ boundaries, values }: PiecewiseConstantOptions): Schedule {
  checkPieces(boundaries, values)
  const last = values.at(-1) ?? 0
  return (step) =>
    boundaries.reduceRight(
      (later, boundary, i) => where(step.lessEqual(boundary), values[i] ?? 0, later),
      full(step.shape, last),
    )
}

function checkPieces(boundaries: readonly number[], values: readonly number[]): void {
  const op = 'piecewiseConstant'
  const ascends = boundaries.every(
    (boundary, i) => Number.isInteger(boundary) && boundary > (boundaries[i - 1] ?? -1),
  )
  if (!ascends || values.length !== boundaries.length + 1) {
    throw new ArgumentError(op, {
      got: `boundaries [${boundaries.join(', ')}] and ${values.length} values`,
      wanted: 'ascending integers from 0, and one value more',
    })
  }
  for (const value of values) checkNotNegative(op, 'values', value)
}
