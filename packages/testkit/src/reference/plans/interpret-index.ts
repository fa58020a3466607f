import type { IndexData, RangeData } from '@tensorweft/core'

/** Value of each loop counter. */
export type Point = readonly number[]

/** The index at a point. */
export function indexAt({ constant, terms, digits }: IndexData, point: Point): number {
  const affine = terms.reduce(
    (sum, { axis, coefficient }) => sum + coefficient * (point[axis] ?? Number.NaN),
    constant,
  )
  return digits.reduce((sum, { of, divisor, modulus, coefficient }) => {
    const quotient = Math.floor(indexAt(of, point) / divisor)
    return sum + coefficient * (modulus === 0 ? quotient : remainder(quotient, modulus))
  }, affine)
}

function remainder(a: number, b: number): number {
  return ((a % b) + b) % b
}

export function isInside(within: readonly RangeData[], point: Point): boolean {
  return within.every(({ index, low, high }) => {
    const value = indexAt(index, point)
    return low <= value && value < high
  })
}
