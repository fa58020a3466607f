import { type IndexData, type Program, type Store, sizeOf } from '@tensorweft/core'

/**
 * The order that the axes of a kernel are walked in: outer axes 0 to `split`, the reduced axes,
 * then the other outer axes. `groups`, `rows` and `width` are the numbers of points of the three.
 */
export interface LoopOrder {
  readonly split: number
  readonly groups: number
  readonly rows: number
  readonly width: number
}

function coefficientOf(index: IndexData, axis: number): number {
  let sum = 0
  for (const term of index.terms) if (term.axis === axis) sum += Math.abs(term.coefficient)
  return sum
}

/** Indices of everything that a program and its stores read and write. */
export function accessesOf(program: Program, stores: readonly Store[]): IndexData[] {
  return [
    ...program.flatMap((step) => (step.op === 'load' || step.op === 'gather' ? [step.index] : [])),
    ...stores.map(({ index }) => index),
  ]
}

/**
 * Outer axes that lie inside all reduced axes in memory come last: then memory is walked from
 * start to end also where columns are summed. The result is the same, only the walk differs.
 */
function chooseSplit(
  axes: readonly number[],
  outer: number,
  accesses: readonly IndexData[],
): number {
  const indices = accesses.filter(({ digits }) => digits.length === 0)
  const reduced = axes.flatMap((size, axis) => (axis >= outer && size > 1 ? [axis] : []))
  /** Whether more accesses move in smaller steps along `axis` than along every reduced axis. */
  const isInner = (axis: number) => {
    let votes = 0
    for (const index of indices) {
      const step = coefficientOf(index, axis)
      const steps = reduced.map((other) => coefficientOf(index, other)).filter((s) => s > 0)
      if (step > 0 && steps.length > 0) votes += step < Math.min(...steps) ? 1 : -1
    }
    return votes > 0
  }
  let split = outer
  while (split > 0 && (axes[split - 1] === 1 || isInner(split - 1))) split--
  return split
}

/** Of a kernel whose first `outer` axes are outer ones, by the indices that it uses innermost. */
export function chooseLoopOrder(
  axes: readonly number[],
  outer: number,
  accesses: readonly IndexData[],
): LoopOrder {
  const split = chooseSplit(axes, outer, accesses)
  return {
    split,
    groups: sizeOf(axes.slice(0, split)),
    rows: sizeOf(axes.slice(outer)),
    width: sizeOf(axes.slice(split, outer)),
  }
}

/** All axes in that order. */
export function orderedAxes(
  axes: readonly number[],
  outer: number,
  { split }: LoopOrder,
): number[] {
  const numbers = axes.map((_, axis) => axis)
  return [...numbers.slice(0, split), ...numbers.slice(outer), ...numbers.slice(split, outer)]
}
