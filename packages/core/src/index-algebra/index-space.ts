import { digitRules } from './digit-rules.ts'
import { ExpressionTable, type Rules } from './expression.ts'
import { sumRules } from './sum-rules.ts'

const normalForm: Rules = { digit: digitRules, sum: sumRules }

/**
 * Owns the expressions of one schedule: axes are made here, and every expression over them is kept
 * here, so that nothing outlives the schedule.
 *
 * ```ts
 * const space = new IndexSpace()
 * const t = space.axis(24, 't')
 * const [row, column] = unflatten(t, [4, 6])
 * flatten([row, column], [4, 6], space) === t // true
 * ```
 */
export class IndexSpace extends ExpressionTable {
  /** @param rules The rewrites of the normal form, for tests of the rules themselves. */
  constructor(rules: Rules = normalForm) {
    super(rules)
  }
}
