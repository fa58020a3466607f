import { arithmeticOf, identityOf, type Reduction, type TypedArray } from '@tensorweft/core'
import type { ReducedSource } from '../interpreter/binding.ts'
import { type Runs, runsOf } from '../interpreter/runs.ts'
import {
  type Accumulators,
  type Combine,
  combineChunk,
  combineOf,
  createAccumulators,
  type Layout,
} from './combine.ts'

/** Writes each accumulator at all points that it belongs to: the inverse of a combination. */
function spread(out: TypedArray, acc: Accumulators, layout: Layout, runs: Runs): void {
  const { first, groups, rows, width } = layout
  for (let g = 0; g < groups; g++) {
    const from = first + g * width
    if (width === 1) runs.fill(rows, out, g * rows, acc[from] ?? 0)
    else for (let r = 0; r < rows; r++) copy(width, out, (g * rows + r) * width, acc, from)
  }
}

function copy(n: number, out: TypedArray, o: number, acc: Accumulators, from: number): void {
  for (let k = 0; k < n; k++) out[o + k] = acc[from + k] ?? 0
}

/** One reduction of a loop kernel over the current block of outer points. */
export class ReducedValues implements ReducedSource {
  private readonly acc: Accumulators
  private readonly combine: Combine
  private readonly identity: number
  private readonly layout: Layout
  private readonly runs: Runs

  /** `layout` is that of the chunk that is being evaluated; its owner changes it. */
  constructor({ combiner, dtype }: Reduction, capacity: number, layout: Layout) {
    this.acc = createAccumulators(dtype, capacity)
    this.combine = combineOf(combiner, dtype)
    this.identity = identityOf(combiner, dtype)
    this.layout = layout
    this.runs = runsOf[arithmeticOf(dtype)]
  }

  reset(): void {
    this.acc.fill(this.identity)
  }

  add(values: TypedArray): void {
    combineChunk(this.combine, this.acc, this.layout, values)
  }

  fill(out: TypedArray, count: number): void {
    const { first, rows } = this.layout
    if (rows === 1) copy(count, out, 0, this.acc, first)
    else spread(out, this.acc, this.layout, this.runs)
  }
}
