import { identityOf, type Reduction, type TypedArray } from '@tensorweft/core'
import type { ReducedSource } from '../interpreter/binding.ts'
import {
  type Accumulators,
  type Combine,
  combineOf,
  createAccumulators,
  type Layout,
} from './combine.ts'

/** Writes each accumulator once per row that it belongs to: the inverse of a combination. */
function spread(out: TypedArray, acc: Accumulators, layout: Layout): void {
  const { first, groups, rows, width } = layout
  for (let g = 0, o = 0; g < groups; g++) {
    const from = first + g * width
    for (let r = 0; r < rows; r++) {
      for (let w = 0; w < width; w++) out[o++] = acc[from + w] ?? 0
    }
  }
}

/** One reduction of a loop kernel over the current block of outer points. */
export class ReducedValues implements ReducedSource {
  private readonly acc: Accumulators
  private readonly combine: Combine
  private readonly identity: number
  private readonly isBool: boolean
  private readonly layout: Layout

  /** `layout` is that of the chunk that is being evaluated; its owner changes it. */
  constructor({ combiner, dtype }: Reduction, capacity: number, layout: Layout) {
    this.acc = createAccumulators(dtype, capacity)
    this.combine = combineOf(combiner, dtype)
    this.identity = identityOf(combiner, dtype)
    this.isBool = dtype === 'bool'
    this.layout = layout
  }

  reset(): void {
    this.acc.fill(this.identity)
  }

  add(values: TypedArray, o: number): void {
    this.combine(this.acc, this.layout, values, o)
  }

  fill(out: TypedArray, count: number): void {
    spread(out, this.acc, this.layout)
    if (!this.isBool) return
    for (let k = 0; k < count; k++) out[k] = out[k] === 0 ? 0 : 1
  }
}
