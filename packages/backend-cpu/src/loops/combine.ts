import { type Combiner, type DType, isFloat, type TypedArray } from '@tensorweft/core'

/** Accumulators: doubles for floats, int32 for integers and bools, which wraps as they do. */
export type Accumulators = Float64Array | Int32Array

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

/** Combines the points of a chunk, which start at `values[o]`, into the accumulators. */
export type Combine = (acc: Accumulators, layout: Layout, values: TypedArray, o: number) => void

// One literal per combiner and kind of number, for the engine's sake; rows of width 1 are summed
// in four lanes, so that an addition need not wait for the one before. Both orders depend on the
// shape alone.

const sumFloats: Combine = (acc, { first, groups, rows, width }, values, o) => {
  if (width > 1) {
    for (let g = 0, i = o; g < groups; g++) {
      const to = first + g * width
      for (let r = 0; r < rows; r++, i += width) {
        for (let w = 0; w < width; w++) acc[to + w] = (acc[to + w] ?? 0) + (values[i + w] ?? 0)
      }
    }
    return
  }
  for (let g = 0, i = o; g < groups; g++) {
    let [s0, s1, s2, s3] = [0, 0, 0, 0]
    const end = i + rows
    for (; i + 3 < end; i += 4) {
      s0 += values[i] ?? 0
      s1 += values[i + 1] ?? 0
      s2 += values[i + 2] ?? 0
      s3 += values[i + 3] ?? 0
    }
    for (; i < end; i++) s0 += values[i] ?? 0
    acc[first + g] = (acc[first + g] ?? 0) + (s0 + s1 + (s2 + s3))
  }
}

const multiplyFloats: Combine = (acc, { first, groups, rows, width }, values, o) => {
  for (let g = 0, i = o; g < groups; g++) {
    const to = first + g * width
    for (let r = 0; r < rows; r++, i += width) {
      for (let w = 0; w < width; w++) acc[to + w] = (acc[to + w] ?? 0) * (values[i + w] ?? 0)
    }
  }
}

const maxFloats: Combine = (acc, { first, groups, rows, width }, values, o) => {
  for (let g = 0, i = o; g < groups; g++) {
    const to = first + g * width
    for (let r = 0; r < rows; r++, i += width) {
      for (let w = 0; w < width; w++) {
        acc[to + w] = Math.max(acc[to + w] ?? 0, values[i + w] ?? 0)
      }
    }
  }
}

const minFloats: Combine = (acc, { first, groups, rows, width }, values, o) => {
  for (let g = 0, i = o; g < groups; g++) {
    const to = first + g * width
    for (let r = 0; r < rows; r++, i += width) {
      for (let w = 0; w < width; w++) {
        acc[to + w] = Math.min(acc[to + w] ?? 0, values[i + w] ?? 0)
      }
    }
  }
}

const sumIntegers: Combine = (acc, { first, groups, rows, width }, values, o) => {
  for (let g = 0, i = o; g < groups; g++) {
    const to = first + g * width
    for (let r = 0; r < rows; r++, i += width) {
      for (let w = 0; w < width; w++) acc[to + w] = (acc[to + w] ?? 0) + (values[i + w] ?? 0)
    }
  }
}

const multiplyIntegers: Combine = (acc, { first, groups, rows, width }, values, o) => {
  for (let g = 0, i = o; g < groups; g++) {
    const to = first + g * width
    for (let r = 0; r < rows; r++, i += width) {
      for (let w = 0; w < width; w++) {
        acc[to + w] = Math.imul(acc[to + w] ?? 0, values[i + w] ?? 0)
      }
    }
  }
}

const maxIntegers: Combine = (acc, { first, groups, rows, width }, values, o) => {
  for (let g = 0, i = o; g < groups; g++) {
    const to = first + g * width
    for (let r = 0; r < rows; r++, i += width) {
      for (let w = 0; w < width; w++) {
        const value = values[i + w] ?? 0
        if (value > (acc[to + w] ?? 0)) acc[to + w] = value
      }
    }
  }
}

const minIntegers: Combine = (acc, { first, groups, rows, width }, values, o) => {
  for (let g = 0, i = o; g < groups; g++) {
    const to = first + g * width
    for (let r = 0; r < rows; r++, i += width) {
      for (let w = 0; w < width; w++) {
        const value = values[i + w] ?? 0
        if (value < (acc[to + w] ?? 0)) acc[to + w] = value
      }
    }
  }
}

const floats = { sum: sumFloats, prod: multiplyFloats, max: maxFloats, min: minFloats }
const integers = { sum: sumIntegers, prod: multiplyIntegers, max: maxIntegers, min: minIntegers }

export function combineOf(combiner: Combiner, dtype: DType): Combine {
  return (isFloat(dtype) ? floats : integers)[combiner]
}

export function createAccumulators(dtype: DType, size: number): Accumulators {
  return isFloat(dtype) ? new Float64Array(size) : new Int32Array(size)
}
