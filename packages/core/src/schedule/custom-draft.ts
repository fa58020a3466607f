import type { Node } from '../graph/tensor.ts'
import type { CustomKernel } from '../ir/kernel.ts'
import type { Claim } from './claim.ts'
import { type DraftContext, orderedBase } from './draft-arrays.ts'
import type { KernelSlots } from './kernel-frame.ts'

/** The kernel of a node that one written by hand claims. */
export class CustomDraft {
  readonly nodes: readonly Node[]
  readonly reads: ReadonlySet<Node>
  readonly label: string
  readonly #claim: Claim
  /** The arrays of the nodes in the order of the operands. */
  readonly #arrays: readonly Node[]

  private constructor(node: Node, claim: Claim, context: DraftContext) {
    const inputs = claim.inputs.flatMap((i) => node.inputs[i] ?? [])
    const arrays = inputs.map((input) => orderedBase(input, context))
    this.nodes = [node]
    this.reads = new Set(arrays)
    this.label = claim.label
    this.#claim = claim
    this.#arrays = [...arrays, node]
  }

  /** Undefined if no kernel claims the node. */
  static of(node: Node, context: DraftContext): CustomDraft | undefined {
    const claim = context.claims.get(node)
    return claim && new CustomDraft(node, claim, context)
  }

  kernel(slots: KernelSlots): CustomKernel {
    const operands = this.#arrays.map((node) => ({ slot: slots.of(node), dtype: node.dtype }))
    return { kind: 'custom', label: this.label, axes: [], operands, ...this.#claim.emit() }
  }
}
