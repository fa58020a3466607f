import { block } from '../../wgsl/program-text.ts'
import { indent } from '../../wgsl/shader.ts'

/** How a workgroup and its invocations share the sums of a contraction; all numbers are powers of 2. */
export interface Tile {
  /** Sums of a workgroup. */
  readonly rows: number
  readonly columns: number
  /** Sums of an invocation: 4 or 8 each. */
  readonly ownRows: number
  readonly ownColumns: number
  /** With 2, values of the next depths are on their way while those of the last are multiplied. */
  readonly buffers: 1 | 2
}

/** Values of K that are in workgroup memory at a time; not a matter of the tile: the order of K is fixed. */
export const tileDepth = 16

/** Products that are summed before they are added to the total: long sums stay accurate. */
export const partialDepth = 256

/** Columns and rows of the grid of invocations of a workgroup. */
export function gridOf({ rows, columns, ownRows, ownColumns }: Tile): {
  across: number
  down: number
} {
  return { across: columns / ownColumns, down: rows / ownRows }
}

export function invocationsOf(tile: Tile): number {
  const { across, down } = gridOf(tile)
  return across * down
}

/** Bytes of workgroup memory, for elements of `elementByteLength`. */
export function workgroupByteLength(tile: Tile, elementByteLength = 4): number {
  return (tile.rows + tile.columns) * tileDepth * tile.buffers * elementByteLength
}

/**
 * Statements for each of four depths, whose number in WGSL is given to `lines`. They are written out
 * where it counts; a loop compiles faster, also where compilers unroll it.
 */
export function eachDepth({ ownRows, ownColumns }: Tile, lines: (d: string) => string[]): string[] {
  return ownRows * ownColumns > 16
    ? ['0', '1', '2', '3'].flatMap((d) => block(lines(d)))
    : eachOfFour('d', lines('d'))
}

export function eachOfFour(counter: string, lines: readonly string[]): string[] {
  return [`for (var ${counter} = 0u; ${counter} < 4u; ${counter}++) {`, ...indent(lines), '}']
}
