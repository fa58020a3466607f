import { type Combiner, type DType, isFloat, type TypedArray } from '@tensorweft/core'
import { type Accumulators, type Combine, combineOf, ownCombiner } from '../loops/combine.ts'

/**
 * Running totals. Each loop is a function of its own for floats and for integers, for the engine's
 * sake; totals are carried in the accumulators, in doubles for floats.
 */
export interface ScanLoops {
  /** One total, `totals[at]`, over n values from `values[i]` on. */
  run(
    totals: Accumulators,
    at: number,
    values: TypedArray,
    i: number,
    out: TypedArray,
    n: number,
  ): void
  /** A total for each of n values. */
  columns(
    totals: Accumulators,
    at: number,
    values: TypedArray,
    i: number,
    out: TypedArray,
    n: number,
  ): void
}

type Run = ScanLoops['run']

const sumFloats: Run = (totals, at, values, i, out, n) => {
  let total = totals[at] ?? 0
  for (let k = i; k < i + n; k++) {
    total += values[k] ?? 0
    out[k] = total
  }
  totals[at] = total
}

const multiplyFloats: Run = (totals, at, values, i, out, n) => {
  let total = totals[at] ?? 1
  for (let k = i; k < i + n; k++) {
    total *= values[k] ?? 1
    out[k] = total
  }
  totals[at] = total
}

const maxFloats: Run = (totals, at, values, i, out, n) => {
  let total = totals[at] ?? 0
  for (let k = i; k < i + n; k++) {
    total = Math.max(total, values[k] ?? 0)
    out[k] = total
  }
  totals[at] = total
}

const minFloats: Run = (totals, at, values, i, out, n) => {
  let total = totals[at] ?? 0
  for (let k = i; k < i + n; k++) {
    total = Math.min(total, values[k] ?? 0)
    out[k] = total
  }
  totals[at] = total
}

// Totals of uint8 are int32 until they are stored: both wrap to the same byte.

const sumIntegers: Run = (totals, at, values, i, out, n) => {
  let total = totals[at] ?? 0
  for (let k = i; k < i + n; k++) {
    total = (total + (values[k] ?? 0)) | 0
    out[k] = total
  }
  totals[at] = total
}

const multiplyIntegers: Run = (totals, at, values, i, out, n) => {
  let total = totals[at] ?? 1
  for (let k = i; k < i + n; k++) {
    total = Math.imul(total, values[k] ?? 1)
    out[k] = total
  }
  totals[at] = total
}

const maxIntegers: Run = (totals, at, values, i, out, n) => {
  let total = totals[at] ?? 0
  for (let k = i; k < i + n; k++) {
    total = Math.max(total, values[k] ?? 0)
    out[k] = total
  }
  totals[at] = total
}

const minIntegers: Run = (totals, at, values, i, out, n) => {
  let total = totals[at] ?? 0
  for (let k = i; k < i + n; k++) {
    total = Math.min(total, values[k] ?? 0)
    out[k] = total
  }
  totals[at] = total
}

const floats = { sum: sumFloats, prod: multiplyFloats, max: maxFloats, min: minFloats }
const integers = { sum: sumIntegers, prod: multiplyIntegers, max: maxIntegers, min: minIntegers }

/** Combines column by column, then writes the totals out. */
function columnsOf(combine: Combine): ScanLoops['columns'] {
  return (totals, at, values, i, out, n) => {
    combine.columns(totals, at, values, i, n)
    for (let k = 0; k < n; k++) out[i + k] = totals[at + k] ?? 0
  }
}

export function scanLoopsOf(combiner: Combiner, dtype: DType): ScanLoops {
  const run = (isFloat(dtype) ? floats : integers)[ownCombiner(combiner, dtype)]
  return { run, columns: columnsOf(combineOf(combiner, dtype)) }
}
