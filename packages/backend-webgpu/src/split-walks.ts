import { arenaAlignment, byteLengthOf, type Kernel, type Plan, type Slot } from '@tensorweft/core'
import type { Scratch } from './scratch.ts'
import { splitScan } from './split-scan.ts'
import { splitSort } from './split-sort.ts'

/**
 * A plan in which kernels that walk long rows are several, each for many workgroups. By the shape
 * alone.
 */
export function splitWalks(plan: Plan): Plan {
  const slots: Slot[] = [...plan.slots]
  let { arenaByteLength } = plan
  const kernels = plan.kernels.flatMap((kernel): readonly Kernel[] => {
    // All share one place: each uses its own up at once.
    let byteOffset = plan.arenaByteLength
    const scratch: Scratch = (dtype, size) => {
      const slot = slots.push({ in: 'arena', byteOffset, dtype, size }) - 1
      byteOffset += Math.ceil(byteLengthOf(dtype, size) / arenaAlignment) * arenaAlignment
      arenaByteLength = Math.max(arenaByteLength, byteOffset)
      return { slot, dtype }
    }
    if (kernel.kind === 'scan') return splitScan(kernel, scratch)
    return kernel.kind === 'sort' ? splitSort(kernel, scratch) : [kernel]
  })
  return { ...plan, kernels, slots, arenaByteLength }
}
