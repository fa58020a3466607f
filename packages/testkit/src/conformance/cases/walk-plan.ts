import type { ArraySpec, IndexData, Kernel, Operand, Plan, Program, Store } from '@tensorweft/core'
import { operandsOf, planOf } from '../../plans/plan-of.ts'

/** A kernel over rows in order: what scans, sorts and scatters have in common. */
export interface WalkParts {
  readonly label: string
  readonly axes: readonly number[]
  /** How many axes count the rows. */
  readonly outer: number
  readonly inputs: readonly ArraySpec[]
  readonly output: ArraySpec
  readonly program: Program
  /** Number of the step that the kernel works with. */
  readonly value: number
  /** Where its result goes. */
  readonly index: IndexData
}

interface SharedFields {
  readonly label: string
  readonly axes: readonly number[]
  readonly outer: number
  readonly operands: readonly Operand[]
  readonly program: Program
  readonly store: Store
}

/** The fields of a kernel whose operands are the inputs and then the output. */
export function sharedFields(parts: WalkParts): SharedFields {
  const { label, axes, outer, inputs, output, program, value, index } = parts
  const store = { value, operand: inputs.length, index }
  return { label, axes, outer, operands: operandsOf(...inputs, output), program, store }
}

/** A plan of one such kernel. */
export function walkPlan({ inputs, output }: WalkParts, kernel: Kernel): Plan {
  return planOf({ inputs, outputs: [output], kernels: [kernel] })
}
