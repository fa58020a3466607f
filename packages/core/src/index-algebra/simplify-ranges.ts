import { Assumptions } from './assumptions.ts'
import type { Index } from './expression.ts'
import { closeEnds, normaliseRange, openImpliedEnds } from './normalise-range.ts'
import type { Range } from './range.ts'
import { simplifyAssuming } from './simplify-under.ts'

/**
 * The normal form of a conjunction of predicates: equal to it at every point, with as few and as
 * simple predicates as the bounds of the expressions and the predicates themselves allow; `'never'`
 * where no point can satisfy it, the empty list where every point does.
 *
 * The ends of the results are finite: where `low === index.min` or `high === index.max + 1`, that
 * end needs no check. The order depends on the expressions only, not on the order of the input.
 *
 * ```ts
 * const space = new IndexSpace()
 * const y = space.axis(10, 'y')
 * simplifyRanges([{ index: y.mul(4).sub(4), low: 0, high: 32 }]) // 1 <= y < 9
 * ```
 */
export function simplifyRanges(ranges: readonly Range[]): readonly Range[] | 'never' {
  let current = intersect(ranges)
  for (;;) {
    if (current === 'never') return 'never'
    const next = useEachOther(current)
    if (next === 'never') return 'never'
    if (sameRanges(next, current)) return current.map(closeEnds)
    current = intersect(next)
  }
}

/** Normalises each range and intersects those on the same expression. */
function intersect(ranges: readonly Range[]): readonly Range[] | 'never' {
  const byIndex = new Map<Index, Range>()
  const pending = [...ranges]
  for (let range = pending.pop(); range !== undefined; range = pending.pop()) {
    const verdict = normaliseRange(range)
    if (verdict === 'always') continue
    if (verdict === 'never') return 'never'
    const { index, low, high } = verdict
    const same = byIndex.get(index)
    if (same === undefined) {
      byIndex.set(index, verdict)
      continue
    }
    // The narrower range may have a simpler normal form, which may be there already.
    byIndex.delete(index)
    pending.push({ index, low: Math.max(low, same.low), high: Math.min(high, same.high) })
  }
  return [...byIndex.values()].sort((a, b) => a.index.id - b.index.id)
}

/** Simplifies each range under the others and drops those that the others imply. */
function useEachOther(ranges: readonly Range[]): readonly Range[] | 'never' {
  if (ranges.length < 2) return ranges
  const kept = new Set(ranges)
  // The newest expressions are the most composed ones: they are implied rather than imply.
  for (const range of [...ranges].reverse()) {
    kept.delete(range)
    const others = new Assumptions([...kept])
    const verdict = openImpliedEnds(range, others.assume(range.index))
    if (verdict === 'never') return 'never'
    if (verdict === 'always') continue
    kept.add({ ...verdict, index: simplifyAssuming(range.index, others) })
  }
  return [...kept]
}

function sameRanges(a: readonly Range[], b: readonly Range[]): boolean {
  if (a.length !== b.length) return false
  const byIndex = new Map(b.map((range) => [range.index, range]))
  return a.every(({ index, low, high }) => {
    const other = byIndex.get(index)
    return other !== undefined && other.low === low && other.high === high
  })
}
