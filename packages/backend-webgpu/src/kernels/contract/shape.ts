import { type ContractKernel, sizeOf } from '@tensorweft/core'

/** Extents of the groups of a contraction. */
export interface ContractShape {
  readonly batch: number
  readonly m: number
  readonly n: number
  readonly k: number
}

export function shapeOf({ axes, batch, m, n, k }: ContractKernel): ContractShape {
  const extent = (group: readonly number[]) => sizeOf(group.map((axis) => axes[axis] ?? 1))
  return { batch: extent(batch), m: extent(m), n: extent(n), k: extent(k) }
}
