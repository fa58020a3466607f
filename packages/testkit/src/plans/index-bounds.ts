import type { IndexData } from '@tensorweft/core'

/** All values of an index lie in `low ≤ value ≤ high`. */
export interface IndexBounds {
  readonly low: number
  readonly high: number
}

/** Bounds of an index over axes of these sizes; an axis of size 0 counts as one of size 1. */
export function indexBounds(index: IndexData, axes: readonly number[]): IndexBounds {
  let [low, high] = [index.constant, index.constant]
  const add = (coefficient: number, bounds: IndexBounds) => {
    const ends = [coefficient * bounds.low, coefficient * bounds.high]
    low += Math.min(...ends)
    high += Math.max(...ends)
  }
  for (const { axis, coefficient } of index.terms) {
    add(coefficient, { low: 0, high: Math.max((axes[axis] ?? 1) - 1, 0) })
  }
  for (const { of, divisor, modulus, coefficient } of index.digits) {
    const bounds = indexBounds(of, axes)
    const quotient = {
      low: Math.floor(bounds.low / divisor),
      high: Math.floor(bounds.high / divisor),
    }
    add(coefficient, modulus === 0 ? quotient : { low: 0, high: modulus - 1 })
  }
  return { low, high }
}
