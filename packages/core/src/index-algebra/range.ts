import type { Index } from './expression.ts'

/** The predicate `low <= index < high`; -Infinity and Infinity leave an end open. */
export interface Range {
  readonly index: Index
  readonly low: number
  readonly high: number
}
