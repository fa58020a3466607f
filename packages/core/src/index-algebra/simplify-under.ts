import { Assumptions } from './assumptions.ts'
import { complexityOf, isSimpler } from './complexity.ts'
import type { Index } from './expression.ts'
import type { Range } from './range.ts'

/**
 * An expression that equals `index` wherever all facts hold (and may differ elsewhere), with fewer
 * digits where the facts allow it; `index` itself where they do not help.
 *
 * ```ts
 * const space = new IndexSpace()
 * const i = space.axis(8, 'i')
 * simplifyUnder(i.sub(2).mod(4), [{ index: i, low: 2, high: 6 }]) // i - 2
 * ```
 */
export function simplifyUnder(index: Index, facts: readonly Range[]): Index {
  if (index.isAffine && facts.length === 0) return index
  return simplifyAssuming(index, new Assumptions(facts))
}

/** The same with facts that are prepared already. */
export function simplifyAssuming(index: Index, assumptions: Assumptions): Index {
  let best = index
  for (;;) {
    if (best.isConstant || assumptions.isEmpty) return best
    const result = assumptions.restore(assumptions.assume(best))
    if (!isSimpler(complexityOf([result]), complexityOf([best]))) return best
    best = result
  }
}
