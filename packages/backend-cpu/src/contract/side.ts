import type { Program } from '@tensorweft/core'
import type { Environment } from '../interpreter/binding.ts'
import type { Panels } from './micro-kernel.ts'

/** One operand of a contraction: where its values come from, and the axes it is packed along. */
export interface Side {
  readonly program: Program
  /** Sizes of all axes of the kernel. */
  readonly axes: readonly number[]
  readonly batch: readonly number[]
  /** Axes of M for the left operand, of N for the right one. */
  readonly rows: readonly number[]
  readonly depth: readonly number[]
  /** Rows of a panel. */
  readonly tile: number
  readonly environment: Environment
}

/** Rows × depth of one operand. */
export interface Region {
  batch: number
  row: number
  rows: number
  start: number
  depth: number
}

/**
 * Packs a region: panels of `tile` rows one after the other, in each the `tile` values of depth 0,
 * then those of depth 1 and so on. Where rows are missing in the last panel it keeps what was there:
 * the micro-kernel multiplies these too, into sums that nobody reads.
 */
export interface Packer {
  /** To call at the beginning of each run of the plan. */
  begin(): void
  pack(region: Region, panels: Panels): void
}
