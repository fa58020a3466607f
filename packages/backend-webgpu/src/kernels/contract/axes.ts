import type { IndexData } from '@tensorweft/core'

/** The last axis of a group that has several points: neighbours in the group differ in it. */
export function innermost(group: readonly number[], axes: readonly number[]): number | undefined {
  return group.findLast((axis) => (axes[axis] ?? 1) > 1)
}

/** The sum of the coefficients of an axis in an index, without digits. */
export function coefficientOf(index: IndexData, axis: number): number {
  return index.terms.reduce((sum, term) => sum + (term.axis === axis ? term.coefficient : 0), 0)
}
