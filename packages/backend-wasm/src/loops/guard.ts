import type { IndexData, RangeData } from '@tensorweft/core'
import { boundsOf } from './bounds.ts'

/** `0 ≤ index < span`. */
export interface Condition {
  readonly key: string
  readonly index: IndexData
  readonly span: number
}

/** Ranges that do not always hold; `'never'` if one of them cannot. */
export function conditionsOf(
  within: readonly RangeData[],
  sizes: readonly number[],
): readonly Condition[] | 'never' {
  const conditions: Condition[] = []
  for (const { index, low, high } of within) {
    const bounds = boundsOf(index, sizes)
    const from = Math.max(low, bounds.low)
    const to = Math.min(high, bounds.high + 1)
    if (from >= to) return 'never'
    if (from === bounds.low && to === bounds.high + 1) continue
    const shifted = { ...index, constant: index.constant - from }
    const span = to - from
    conditions.push({ key: `${span} ${JSON.stringify(shifted)}`, index: shifted, span })
  }
  return conditions
}
