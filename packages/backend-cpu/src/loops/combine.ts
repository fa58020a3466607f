import { type Combiner, type DType, isFloat, type TypedArray } from '@tensorweft/core'

/** Accumulators: doubles for floats, int32 for integers and bools, which wraps as they do. */
export type Accumulators = Float64Array | Int32Array

export function createAccumulators(dtype: DType, size: number): Accumulators {
  return isFloat(dtype) ? new Float64Array(size) : new Int32Array(size)
}

/**
 * How the points of a chunk meet the accumulators: `groups` times, `rows` rows of `width` points
 * are combined into `width` accumulators, those of the first group starting at `first`.
 */
export interface Layout {
  first: number
  groups: number
  rows: number
  width: number
}

/**
 * The loops of one combiner. There are four for floats and four for integers, each a function of
 * its own for the engine's sake. The order of a combination depends on the layout alone.
 */
export interface Combine {
  /** Combines n values from `values[i]` on into `acc[to]`. */
  run(acc: Accumulators, to: number, values: TypedArray, i: number, n: number): void
  /** Combines each of n values from `values[i]` on into an accumulator of its own. */
  columns(acc: Accumulators, to: number, values: TypedArray, i: number, n: number): void
}

/** In four lanes, so that an addition need not wait for the one before. */
const sumFloats: Combine = {
  run(acc, to, values, i, n) {
    let [s0, s1, s2, s3] = [0, 0, 0, 0]
    const end = i + n
    for (; i + 3 < end; i += 4) {
      s0 += values[i] ?? 0
      s1 += values[i + 1] ?? 0
      s2 += values[i + 2] ?? 0
      s3 += values[i + 3] ?? 0
    }
    for (; i < end; i++) s0 += values[i] ?? 0
    acc[to] = (acc[to] ?? 0) + (s0 + s1 + (s2 + s3))
  },
  columns(acc, to, values, i, n) {
    for (let k = 0; k < n; k++) acc[to + k] = (acc[to + k] ?? 0) + (values[i + k] ?? 0)
  },
}

const multiplyFloats: Combine = {
  run(acc, to, values, i, n) {
    let product = acc[to] ?? 1
    for (let k = 0; k < n; k++) product *= values[i + k] ?? 1
    acc[to] = product
  },
  columns(acc, to, values, i, n) {
    for (let k = 0; k < n; k++) acc[to + k] = (acc[to + k] ?? 1) * (values[i + k] ?? 1)
  },
}

const maxFloats: Combine = {
  run(acc, to, values, i, n) {
    let max = acc[to] ?? 0
    let other = max
    const end = i + n
    for (; i + 1 < end; i += 2) {
      max = Math.max(max, values[i] ?? 0)
      other = Math.max(other, values[i + 1] ?? 0)
    }
    if (i < end) max = Math.max(max, values[i] ?? 0)
    acc[to] = Math.max(max, other)
  },
  columns(acc, to, values, i, n) {
    for (let k = 0; k < n; k++) acc[to + k] = Math.max(acc[to + k] ?? 0, values[i + k] ?? 0)
  },
}

const minFloats: Combine = {
  run(acc, to, values, i, n) {
    let min = acc[to] ?? 0
    let other = min
    const end = i + n
    for (; i + 1 < end; i += 2) {
      min = Math.min(min, values[i] ?? 0)
      other = Math.min(other, values[i + 1] ?? 0)
    }
    if (i < end) min = Math.min(min, values[i] ?? 0)
    acc[to] = Math.min(min, other)
  },
  columns(acc, to, values, i, n) {
    for (let k = 0; k < n; k++) acc[to + k] = Math.min(acc[to + k] ?? 0, values[i + k] ?? 0)
  },
}

const sumIntegers: Combine = {
  run(acc, to, values, i, n) {
    let sum = acc[to] ?? 0
    for (let k = 0; k < n; k++) sum = (sum + (values[i + k] ?? 0)) | 0
    acc[to] = sum
  },
  columns(acc, to, values, i, n) {
    for (let k = 0; k < n; k++) acc[to + k] = (acc[to + k] ?? 0) + (values[i + k] ?? 0)
  },
}

const multiplyIntegers: Combine = {
  run(acc, to, values, i, n) {
    let product = acc[to] ?? 1
    for (let k = 0; k < n; k++) product = Math.imul(product, values[i + k] ?? 1)
    acc[to] = product
  },
  columns(acc, to, values, i, n) {
    for (let k = 0; k < n; k++) acc[to + k] = Math.imul(acc[to + k] ?? 1, values[i + k] ?? 1)
  },
}

const maxIntegers: Combine = {
  run(acc, to, values, i, n) {
    let max = acc[to] ?? 0
    for (let k = 0; k < n; k++) max = Math.max(max, values[i + k] ?? 0)
    acc[to] = max
  },
  columns(acc, to, values, i, n) {
    for (let k = 0; k < n; k++) acc[to + k] = Math.max(acc[to + k] ?? 0, values[i + k] ?? 0)
  },
}

const minIntegers: Combine = {
  run(acc, to, values, i, n) {
    let min = acc[to] ?? 0
    for (let k = 0; k < n; k++) min = Math.min(min, values[i + k] ?? 0)
    acc[to] = min
  },
  columns(acc, to, values, i, n) {
    for (let k = 0; k < n; k++) acc[to + k] = Math.min(acc[to + k] ?? 0, values[i + k] ?? 0)
  },
}

const floats = { sum: sumFloats, prod: multiplyFloats, max: maxFloats, min: minFloats }
const integers = { sum: sumIntegers, prod: multiplyIntegers, max: maxIntegers, min: minIntegers }

/** A sum of bools says whether one of them holds, a product whether all do. */
const ofBools: Readonly<Record<Combiner, Combiner>> = {
  sum: 'max',
  prod: 'min',
  max: 'max',
  min: 'min',
}

/** The combiner by which values of a dtype are combined. */
export function ownCombiner(combiner: Combiner, dtype: DType): Combiner {
  return dtype === 'bool' ? ofBools[combiner] : combiner
}

export function combineOf(combiner: Combiner, dtype: DType): Combine {
  return (isFloat(dtype) ? floats : integers)[ownCombiner(combiner, dtype)]
}

/** Combines all points of a chunk into their accumulators. */
export function combineChunk(
  combine: Combine,
  acc: Accumulators,
  { first, groups, rows, width }: Layout,
  values: TypedArray,
): void {
  for (let g = 0; g < groups; g++) {
    const to = first + g * width
    const i = g * rows * width
    if (width === 1) combine.run(acc, to, values, i, rows)
    else for (let r = 0; r < rows; r++) combine.columns(acc, to, values, i + r * width, width)
  }
}
