import type { IndexData } from '@tensorweft/core'

/** All values of an index lie in `low ≤ value ≤ high`. */
export interface Bounds {
  readonly low: number
  readonly high: number
}

/** Bounds of an index whose axes run from 0 to their sizes, none of which is 0. */
export function boundsOf(index: IndexData, sizes: readonly number[]): Bounds {
  let [low, high] = [index.constant, index.constant]
  const add = (coefficient: number, bounds: Bounds) => {
    const ends = [coefficient * bounds.low, coefficient * bounds.high]
    low += Math.min(...ends)
    high += Math.max(...ends)
  }
  for (const { axis, coefficient } of index.terms) {
    add(coefficient, { low: 0, high: (sizes[axis] ?? 1) - 1 })
  }
  for (const { of, divisor, modulus, coefficient } of index.digits) {
    add(coefficient, digitBounds(boundsOf(of, sizes), divisor, modulus))
  }
  return { low, high }
}

/** Bounds of `floor(of / divisor) mod modulus`; a modulus of 0 means none. */
export function digitBounds(of: Bounds, divisor: number, modulus: number): Bounds {
  const low = Math.floor(of.low / divisor)
  const high = Math.floor(of.high / divisor)
  if (modulus === 0) return { low, high }
  const turn = Math.floor(low / modulus)
  if (turn !== Math.floor(high / modulus)) return { low: 0, high: modulus - 1 }
  return { low: low - turn * modulus, high: high - turn * modulus }
}

/** Numbers of all axes that occur in an index, those in digits included. */
export function axesOf(index: IndexData): number[] {
  return [
    ...index.terms.flatMap(({ axis, coefficient }) => (coefficient === 0 ? [] : [axis])),
    ...index.digits.flatMap(({ of }) => axesOf(of)),
  ]
}

/** What an index gains from one point of an axis to the next, its digits left aside. */
export function coefficientOf(index: IndexData, axis: number): number {
  return index.terms.reduce((sum, term) => (term.axis === axis ? sum + term.coefficient : sum), 0)
}
