import { type IndexData, type LoopKernel, sizeOf } from '@tensorweft/core'

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

/** Indices of everything that the stages over all axes read and write. */
function accesses(kernel: LoopKernel): IndexData[] {
  return kernel.stages
    .filter(({ over }) => over === 'all')
    .flatMap(({ program, stores }) => [
      ...program.flatMap((step) => (step.op === 'load' ? [step.index] : [])),
      ...stores.map(({ index }) => index),
    ])
    .filter(({ digits }) => digits.length === 0)
}

/**
 * Outer axes that lie inside all reduced axes in memory come last: then memory is walked from
 * start to end also where columns are summed. The result is the same, only the walk differs.
 */
function chooseSplit(kernel: LoopKernel): number {
  const { axes, outer } = kernel
  const indices = accesses(kernel)
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

export function chooseLoopOrder(kernel: LoopKernel): LoopOrder {
  const { axes, outer } = kernel
  const split = chooseSplit(kernel)
  return {
    split,
    groups: sizeOf(axes.slice(0, split)),
    rows: sizeOf(axes.slice(outer)),
    width: sizeOf(axes.slice(split, outer)),
  }
}
