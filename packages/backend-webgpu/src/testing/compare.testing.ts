import { type DType, isFloat, type TypedArray } from '@tensorweft/core'

const smallestNormal = 2 ** -126

/** Spacing of float32 numbers around a value. */
function spacing(value: number): number {
  const exponent = Math.floor(Math.log2(Math.max(Math.abs(value), smallestNormal)))
  return 2 ** (exponent - 23)
}

/**
 * Units in the last place between two float32 numbers; devices may flush subnormal numbers to 0,
 * and tell NaN only from numbers.
 */
function ulpsBetween(got: number, wanted: number): number {
  if (Object.is(got, wanted) || got === wanted) return 0
  if (Number.isNaN(got) && Number.isNaN(wanted)) return 0
  if (!Number.isFinite(got) || !Number.isFinite(wanted)) return Number.POSITIVE_INFINITY
  if (Math.abs(got) < smallestNormal && Math.abs(wanted) < smallestNormal) return 0
  return Math.abs(got - wanted) / spacing(wanted)
}

export interface Difference {
  readonly ulps: number
  readonly at: number
  readonly got: number | undefined
  readonly wanted: number | undefined
}

/** Where two arrays differ most; integers that differ at all differ infinitely. */
export function worstDifference(got: TypedArray, wanted: TypedArray, dtype: DType): Difference {
  let worst: Difference = { ulps: 0, at: -1, got: undefined, wanted: undefined }
  for (let at = 0; at < Math.max(got.length, wanted.length); at++) {
    const [a = Number.NaN, b = Number.NaN] = [got[at], wanted[at]]
    const ulps = isFloat(dtype) ? ulpsBetween(a, b) : a === b ? 0 : Number.POSITIVE_INFINITY
    if (ulps > worst.ulps) worst = { ulps, at, got: got[at], wanted: wanted[at] }
  }
  return worst
}

/** The same relative to the largest magnitude among the wanted values: for sums of many terms. */
export function worstRelative(got: TypedArray, wanted: TypedArray, dtype: DType): Difference {
  let scale = 1
  for (const value of wanted) if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value))
  let worst: Difference = { ulps: 0, at: -1, got: undefined, wanted: undefined }
  for (let at = 0; at < wanted.length; at++) {
    const [a = Number.NaN, b = Number.NaN] = [got[at], wanted[at]]
    const same = Object.is(a, b) || a === b
    const isComparable = isFloat(dtype) && Number.isFinite(a) && Number.isFinite(b)
    const ulps = same ? 0 : isComparable ? Math.abs(a - b) / (scale * 2 ** -24) : Infinity
    if (ulps > worst.ulps) worst = { ulps, at, got: got[at], wanted: wanted[at] }
  }
  return worst
}
