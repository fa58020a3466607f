import { tiles } from '../kernels/contract/choose-tile.ts'
import type { Tile } from '../kernels/contract/tile.ts'

/** Milliseconds that `times` products of so many rows take on the device with a tile. */
export type TimeProducts = (tile: Tile, rows: number, times: number) => Promise<number>

/** Rows of the product: one of the largest tile, and enough for a large device. */
const leastRows = 128
const mostRows = 8192
const mostTimes = 64

/** How long measurements take. */
export interface MeasuredMs {
  /** Below this the clock is too coarse. */
  readonly least: number
  /** Beyond this the device is too slow to be measured beside the program. */
  readonly most: number
}

const rounds = 2

/**
 * The milliseconds that each of `tiles` takes for the same product, which grows until it takes
 * the first tile long enough: then clocks are fine enough and the device is filled, if it can be. All
 * measurements are short ones, so that what a program submits waits for none of them for long; the
 * least of two counts, as others may have run beside. Undefined where a device is so slow that its
 * least product takes too long (one in software), or its clock says nothing.
 */
export async function measureTiles(
  time: TimeProducts,
  { least, most }: MeasuredMs,
): Promise<readonly number[] | undefined> {
  const [first] = tiles
  let rows = leastRows
  let times = 1
  // The first run of a pipeline may be slow for reasons of its own.
  await time(first, rows, times)
  for (let elapsed = 0; ; ) {
    elapsed = await time(first, rows, times)
    if (elapsed > most) return undefined
    if (elapsed >= least) break
    if (rows < mostRows) rows *= 2
    else if (times < mostTimes) times *= 2
    else break
  }
  const elapsedMs = tiles.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round < rounds; round++) {
    for (const [k, tile] of tiles.entries()) {
      elapsedMs[k] = Math.min(elapsedMs[k] ?? 0, await time(tile, rows, times))
    }
  }
  return elapsedMs.every((elapsed) => elapsed > 0) ? elapsedMs : undefined
}
