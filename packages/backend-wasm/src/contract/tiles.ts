import { hasRelaxed } from '../scalar/relaxed.ts'
import { probeTiles } from './probe.ts'
import type { RatedTile } from './tile.ts'

/**
 * Tiles for engines with fused multiply-add. Rates are those of a core with 16 vector registers, of
 * which V8 keeps one for itself; the largest one is for those with 32.
 */
const fused: readonly RatedTile[] = [
  { rows: 6, columns: 8, rate: 1 },
  { rows: 5, columns: 8, rate: 0.95 },
  { rows: 4, columns: 8, rate: 0.93 },
  { rows: 3, columns: 12, rate: 0.95 },
  { rows: 2, columns: 16, rate: 0.93 },
  { rows: 12, columns: 4, rate: 0.89 },
  { rows: 8, columns: 8, rate: 0.5 },
]
/** Without it, engines keep fewer registers for sums: the larger ones have to prove themselves. */
const plain: readonly RatedTile[] = [
  { rows: 2, columns: 16, rate: 1 },
  { rows: 4, columns: 8, rate: 0.95 },
  { rows: 5, columns: 8, rate: 0.5 },
  { rows: 3, columns: 12, rate: 0.5 },
  { rows: 12, columns: 4, rate: 0.5 },
  { rows: 8, columns: 8, rate: 0.5 },
]

/** Products from which on it is worth while to try what the machine is good at. */
const leastProducts = 1e7

let measured: readonly RatedTile[] | undefined

/** The tiles for a contraction of so many products, with rates once measured in this process. */
export function ratedTiles(products: number): readonly RatedTile[] {
  if (measured !== undefined) return measured
  const known = hasRelaxed() ? fused : plain
  if (products < leastProducts) return known
  measured = probeTiles(known)
  return measured
}
