import type { SortKernel } from '@tensorweft/core'

/** Points that a workgroup sorts or merges: 16 KiB of keys and positions. */
export const blockPoints = 2048

/**
 * A sort, or one pass of it. Passes hand on entries: an int32 operand with the keys of all points
 * of all rows, then the positions of these points in their rows.
 *
 * - `blocks` stores entries in which blocks of each row are sorted.
 * - `merge` makes one run of each two in the entries of operand 0, the last axis says how long they
 *   are, and stores entries.
 * - `last` does so where two runs are a row, and stores positions.
 */
export interface SortPass extends SortKernel {
  readonly pass?: 'blocks' | 'merge' | 'last'
}
