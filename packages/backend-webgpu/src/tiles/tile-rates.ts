import { type RatedTile, tiles } from '../kernels/contract/choose-tile.ts'
import type { Tile } from '../kernels/contract/tile.ts'

/**
 * How fast an adapter multiplies with each shape of tile: plain data, to be kept as JSON and given
 * to a later `webgpu()` as `tileRates`.
 */
export interface TileRates {
  /** What the adapter says of itself: on another one the rates are not used. */
  readonly adapter: string
  /** By rows and columns, as in `128x64`: sums in the same time, relative to the fastest, 0 to 1. */
  readonly rates: Readonly<Record<string, number>>
}

export function nameOf({ rows, columns }: Tile): string {
  return `${rows}x${columns}`
}

/** Rates of the tiles from the milliseconds that each takes for the same product. */
export function ratesOf(adapter: string, elapsedMs: readonly number[]): TileRates {
  const least = Math.min(...elapsedMs)
  const rate = (elapsed: number | undefined) => Number((least / (elapsed ?? 0)).toFixed(3))
  const rates = Object.fromEntries(tiles.map((tile, k) => [nameOf(tile), rate(elapsedMs[k])]))
  return { adapter, rates }
}

/** The tiles with these rates; undefined if they are of another adapter, or not of all tiles. */
export function ratedBy(
  given: TileRates | undefined,
  adapter: string,
): readonly RatedTile[] | undefined {
  if (given?.adapter !== adapter) return undefined
  const rated = tiles.map((tile) => ({ ...tile, rate: given.rates?.[nameOf(tile)] ?? 0 }))
  return rated.every(({ rate }) => rate > 0 && rate <= 1) ? rated : undefined
}
