/** A block of sums that is kept in registers: rows of the left operand by columns of the right. */
export interface Tile {
  readonly rows: number
  /** A multiple of four. */
  readonly columns: number
}

/** A tile and the products that it computes in a given time, relative to others. */
export interface RatedTile extends Tile {
  readonly rate: number
}
