import {
  type ContractKernel,
  contractionAsLoops,
  type LoopKernel,
  type Program,
} from '@tensorweft/core'
import { coefficientOf } from '../loops/bounds.ts'

/** Columns that are too few for a tile, and points of depth that are worth the loops. */
const mostColumns = 4
const leastDepth = 16

/**
 * The loops of a contraction of few columns whose operands lie in memory along what is summed: to
 * bring them into panels would take longer than to multiply them. Undefined for others.
 */
export function thinAsLoops(kernel: ContractKernel): LoopKernel | undefined {
  const { axes, m, n, k } = kernel
  const extent = (group: readonly number[]) =>
    group.reduce((points, axis) => points * (axes[axis] ?? 1), 1)
  const last = axes.length - 1
  const isThin = Math.min(extent(m), extent(n)) <= mostColumns
  // Loops take what is summed from the last axes.
  const isLast = k.every((axis) => axis >= axes.length - k.length)
  if (!isThin || !isLast || (axes[last] ?? 1) < leastDepth) return undefined
  return [kernel.left, kernel.right].every(({ program }) => isAlong(program, last))
    ? contractionAsLoops(kernel)
    : undefined
}

/** Whether a side is nothing but elements next to each other, or nearly so, along an axis. */
function isAlong([step, ...others]: Program, axis: number): boolean {
  if (step?.op !== 'load' || others.length > 0 || step.dtype !== 'float32') return false
  const distance = coefficientOf(step.index, axis)
  return step.index.digits.length === 0 && (distance === 1 || distance === 2)
}
