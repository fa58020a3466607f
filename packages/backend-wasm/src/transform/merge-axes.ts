import type { IndexData } from '@tensorweft/core'
import { coefficientOf } from '../loops/bounds.ts'

/** Axes made fewer: their sizes, and an index over the old ones as one over the new. */
export interface MergedAxes {
  readonly sizes: readonly number[]
  /** The groups that were given, without the axes that are gone. */
  readonly groups: readonly (readonly number[])[]
  readonly rewrite: (index: IndexData) => IndexData
}

/**
 * Drops axes of one point, and joins neighbours within a group where every index runs on from the
 * last point of the inner axis to the next one of the outer. Longer loops have fewer tails. Axes
 * keep their numbers; one that is gone has size 1.
 */
export function mergeAxes(
  sizes: readonly number[],
  groups: readonly (readonly number[])[],
  indices: readonly IndexData[],
): MergedAxes {
  const merged = [...sizes]
  const gone = new Set<number>()
  const all = indices.flatMap(withDigits)
  const kept = groups.map((group) => {
    const result: number[] = []
    for (const inner of group) {
      const outer = result.at(-1)
      const size = merged[inner] ?? 1
      if (size === 1) gone.add(inner)
      else if (outer !== undefined && all.every((index) => runsOn(index, outer, inner, size))) {
        merged[inner] = size * (merged[outer] ?? 1)
        merged[outer] = 1
        gone.add(outer)
        result.splice(-1, 1, inner)
      } else result.push(inner)
    }
    return result
  })
  const rewrite = (index: IndexData): IndexData => ({
    constant: index.constant,
    terms: index.terms.filter(({ axis }) => !gone.has(axis)),
    digits: index.digits.map((digit) => ({ ...digit, of: rewrite(digit.of) })),
  })
  return { sizes: merged, groups: kept, rewrite }
}

function withDigits(index: IndexData): IndexData[] {
  return [index, ...index.digits.flatMap(({ of }) => withDigits(of))]
}

function runsOn(index: IndexData, outer: number, inner: number, size: number): boolean {
  return coefficientOf(index, outer) === coefficientOf(index, inner) * size
}
