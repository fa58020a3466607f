import type { TypedArray } from '@tensorweft/core'
import type { ReducedSource } from '../interpreter/binding.ts'
import type { Accumulators } from '../loops/combine.ts'

/** The sums of a block of a contraction, as its epilogue reads them. */
export class TileValues implements ReducedSource {
  /** Elements from row to row. */
  stride = 0
  /** First row of the chunk that is being evaluated, which consists of whole rows. */
  row = 0
  columns = 0
  private readonly sums: Accumulators

  constructor(sums: Accumulators) {
    this.sums = sums
  }

  fill(out: TypedArray, count: number): void {
    const { sums, stride, columns } = this
    for (let o = 0, from = this.row * stride; o < count; o += columns, from += stride) {
      for (let c = 0; c < columns; c++) out[o + c] = sums[from + c] ?? 0
    }
  }
}
