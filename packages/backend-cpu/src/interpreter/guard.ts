import type { RangeData } from '@tensorweft/core'
import { type Affine, affineOver, type Space } from './space.ts'
import type { Walk } from './walk.ts'

/**
 * Affine ranges as intervals of a run. Their indices are functions 1, 2, … of a walk, in the order
 * of the ranges; function 0 is the address that they guard.
 */
export class Guard {
  /** The points of the current run where all ranges hold are `from ≤ k < to`. */
  from = 0
  to = 0
  private readonly within: readonly RangeData[]

  constructor(within: readonly RangeData[]) {
    this.within = within
  }

  /** The functions to walk along. */
  functions(space: Space): Affine[] {
    return this.within.map(({ index }) => affineOver(space, index))
  }

  /** Finds the interval among the next n points of the run. */
  clip(walk: Walk, n: number): void {
    let from = 0
    let to = n
    for (let r = 0; r < this.within.length; r++) {
      const range = this.within[r]
      if (range === undefined) continue
      const value = walk.values[r + 1] ?? 0
      const stride = walk.strides[r + 1] ?? 0
      const { low, high } = range
      if (stride > 0) {
        from = Math.max(from, Math.ceil((low - value) / stride))
        to = Math.min(to, Math.ceil((high - value) / stride))
      } else if (stride < 0) {
        from = Math.max(from, Math.floor((high - value) / stride) + 1)
        to = Math.min(to, Math.floor((low - value) / stride) + 1)
      } else if (value < low || value >= high) to = 0
    }
    this.to = Math.max(to, 0)
    this.from = Math.min(from, this.to)
  }
}
