import type { Node } from '../graph/tensor.ts'
import type { CustomKernel } from '../ir/kernel.ts'

/** A node that a kernel written by hand computes. */
export interface Claim {
  /** Text for the key of the plan: which kernel it is, and what it depends on beside the graph. */
  readonly key: string
  /** Positions of the inputs that the kernel reads, in the order of its operands. */
  readonly inputs: readonly number[]
  readonly label: string
  /** Writes the kernel. Throws what its author's code throws. */
  emit(): Pick<CustomKernel, 'call' | 'code'>
}

/** By the representative node. */
export type Claims = ReadonlyMap<Node, Claim>
