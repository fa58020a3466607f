import { byteLengthOf, type Kernel, type Plan, programsOf, storesOf } from '@tensorweft/core'

/** Bytes of the arrays that a kernel reads and writes, each array counted once per direction. */
export interface Traffic {
  readonly bytesRead: number
  readonly bytesWritten: number
}

/** What one kernel moves, however often its loops touch an element. */
export function kernelTraffic(plan: Plan, kernel: Kernel): Traffic {
  const programs = programsOf(kernel)
  const loaded = programs.flatMap((program) =>
    program.flatMap((step) => (step.op === 'load' || step.op === 'gather' ? step.operand : [])),
  )
  const stored = storesOf(kernel).map((store) => store.operand)
  // A scatter adds to what it finds.
  const read = kernel.kind === 'scatter' ? [...loaded, ...stored] : loaded
  const bytesOf = (operands: readonly number[]) => {
    const slots = new Set(operands.map((operand) => kernel.operands[operand]?.slot ?? -1))
    return [...slots].reduce((bytes, slot) => bytes + slotByteLength(plan, slot), 0)
  }
  return { bytesRead: bytesOf(read), bytesWritten: bytesOf(stored) }
}

/** What one run of the plan moves. */
export function planTraffic(plan: Plan): Traffic {
  return plan.kernels
    .map((kernel) => kernelTraffic(plan, kernel))
    .reduce(
      (sum, traffic) => ({
        bytesRead: sum.bytesRead + traffic.bytesRead,
        bytesWritten: sum.bytesWritten + traffic.bytesWritten,
      }),
      { bytesRead: 0, bytesWritten: 0 },
    )
}

function slotByteLength(plan: Plan, slot: number): number {
  const found = plan.slots[slot]
  return found === undefined ? 0 : byteLengthOf(found.dtype, found.size)
}
