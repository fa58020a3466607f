import { formatShape, type TypedArray } from '@tensorweft/core'
import type { Approximation } from './approximation.ts'

/** One element that is not what it should be. */
export interface Mismatch {
  /** Row-major position. */
  readonly position: number
  readonly got: number
  readonly wanted: number
  /** By how much `got` may differ. */
  readonly radius: number
}

/** Elements of `actual` that lie outside their intervals. */
export function findMismatches(actual: TypedArray, expected: Approximation): Mismatch[] {
  const mismatches: Mismatch[] = []
  for (let position = 0; position < expected.values.length; position++) {
    const [got, wanted = Number.NaN, radius = 0] = [
      actual[position] ?? Number.NaN,
      expected.values[position],
      expected.radii[position],
    ]
    const isSame = got === wanted || (Number.isNaN(got) && Number.isNaN(wanted))
    if (isSame || radius === Number.POSITIVE_INFINITY) continue
    if (!(Math.abs(got - wanted) <= radius)) mismatches.push({ position, got, wanted, radius })
  }
  return mismatches
}

/** The first mismatches as a text of a few lines; undefined if there are none. */
export function describeMismatches(
  actual: TypedArray,
  expected: Approximation,
): string | undefined {
  if (actual.length !== expected.values.length) {
    return `${actual.length} elements instead of ${expected.values.length}`
  }
  const mismatches = findMismatches(actual, expected)
  if (mismatches.length === 0) return undefined
  const lines = mismatches.slice(0, 4).map(({ position, got, wanted, radius }) => {
    const at = formatShape(indexOf(position, expected.shape))
    return `  at ${at}: got ${got}, wanted ${wanted} ± ${radius.toPrecision(2)}`
  })
  const { length } = expected.values
  return [`${mismatches.length} of ${length} elements differ`, ...lines].join('\n')
}

function indexOf(position: number, shape: readonly number[]): number[] {
  const index: number[] = []
  let rest = position
  for (const n of shape.toReversed()) {
    index.unshift(rest % n)
    rest = Math.floor(rest / n)
  }
  return index
}
