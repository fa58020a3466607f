import type { ContractShape } from './shape.ts'
import { type Tile, tileDepth } from './tile.ts'

/** A tile with how fast it multiplies where many workgroups wait for their turn, relative to the fastest. */
export interface RatedTile extends Tile {
  readonly rate: number
}

function tile(
  [rows, columns]: readonly [number, number],
  [ownRows, ownColumns]: readonly [number, number],
  buffers: 1 | 2,
  rate: number,
): RatedTile {
  return { rows, columns, ownRows, ownColumns, buffers, rate }
}

/**
 * Tiles that every device can run: at most 256 invocations and 16 KiB of workgroup memory. Large
 * ones use what they load more often: at each depth an invocation with 8 × 8 sums reads 16 numbers
 * for 64 products, one with 4 × 4 reads 8 for 16. A second buffer hides the wait for memory where
 * few workgroups share a multiprocessor; where sums take most registers it costs more than it gives.
 * Rates are estimates, in use until those of the device are measured.
 */
export const tiles: readonly [RatedTile, ...RatedTile[]] = [
  tile([128, 128], [8, 8], 1, 1),
  tile([128, 64], [8, 8], 1, 0.85),
  tile([64, 128], [8, 8], 1, 0.85),
  tile([64, 64], [8, 4], 2, 0.7),
  tile([128, 32], [8, 4], 1, 0.6),
  tile([32, 128], [8, 4], 1, 0.6),
  tile([32, 32], [4, 4], 2, 0.4),
  tile([64, 16], [4, 4], 2, 0.35),
  tile([16, 64], [4, 4], 2, 0.35),
  tile([8, 128], [4, 4], 1, 0.3),
  tile([128, 8], [4, 4], 1, 0.3),
]

/** Multiprocessors of a large GPU, the products that each adds in a cycle, and cycles to wait for memory. */
const multiprocessors = 128
const productsPerCycle = 128
const memoryCycles = 700

/**
 * Cycles that a multiprocessor takes for one tile's depth of its share of the workgroups: those of
 * all their products, but no fewer than one invocation takes for its own after a wait for memory.
 */
function cyclesOf(
  { batch, m, n }: ContractShape,
  { rows, columns, rate, ...own }: RatedTile,
): number {
  const workgroups = batch * Math.ceil(m / rows) * Math.ceil(n / columns)
  const share = Math.ceil(workgroups / multiprocessors)
  const products = (share * rows * columns * tileDepth) / productsPerCycle / rate
  return Math.max(products, own.ownRows * own.ownColumns * tileDepth + memoryCycles)
}

/**
 * The tile that is through first by `cyclesOf`, which weighs use of what was loaded against idle
 * multiprocessors and against sums beyond the extents; of equals the one that loads least. It is a
 * matter of speed alone: results do not depend on the tile.
 */
export function chooseTile(shape: ContractShape, rated: readonly RatedTile[] = tiles): Tile {
  const costs = rated.map((tile) => [cyclesOf(shape, tile), loadsOf(shape, tile), tile] as const)
  const [best] = costs.sort(([a, loadsA], [b, loadsB]) => a - b || loadsA - loadsB)
  return best?.[2] ?? tiles[0]
}

/** Values that all workgroups load from memory, as often as they do, at one depth of K. */
export function loadsOf({ batch, m, n }: ContractShape, { rows, columns }: Tile): number {
  return batch * Math.ceil(m / rows) * Math.ceil(n / columns) * (rows + columns)
}
