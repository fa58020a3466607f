import type { Row } from '../row.ts'

/** Shapes of one kind of work, among them those that are likely to be slow. */
export interface Sweep {
  readonly name: string
  /** What varies, for the heading. */
  readonly summary: string
  readonly shapes: readonly SweepShape[]
}

export interface SweepShape {
  /** The name of its case. */
  readonly case: string
  /** Cases of the sweep that differ in one size only, which is the next even one for vector units. */
  readonly neighbours: readonly string[]
}

/** A measured shape. */
export interface SweepRow extends Row {
  readonly flops: number
  /** Of the core's own rate at the same time. */
  readonly share: number
}

/** A shape that is slower than it need be. */
export interface Cliff extends SweepRow {
  /** What it falls short of, for example `0.35 R`. */
  readonly below: string
}

export interface SweepResult {
  readonly rows: readonly SweepRow[]
  /** How many are large enough to be judged. */
  readonly judged: number
  readonly cliffs: readonly Cliff[]
}
