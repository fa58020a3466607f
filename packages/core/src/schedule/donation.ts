import type { Node } from '../graph/tensor.ts'
import { postOrder } from '../scalar/scalar.ts'
import { KernelDraft } from './draft.ts'
import type { DraftOrder } from './draft-order.ts'

/** An output that may be written over an input. */
export interface DonationWish {
  readonly output: Node
  readonly input: Node
}

/**
 * Grants the wishes that change no result: the kernel reads the input only at the index at which
 * it writes and outside its reductions, and everybody else who reads the input can run before.
 * Orders the drafts accordingly.
 */
export function grantDonations(wishes: readonly DonationWish[], order: DraftOrder): DonationWish[] {
  const taken = new Set<Node>()
  return wishes.filter(({ output, input }) => {
    const writer = order.writerOf(output)
    if (writer === undefined || taken.has(input)) return false
    if (!(writer instanceof KernelDraft) || !canOverwrite(writer, output, input)) return false
    const readers = order.drafts.filter((draft) => draft !== writer && draft.reads.has(input))
    if (readers.some((reader) => order.isBefore(writer, reader))) return false
    for (const reader of readers) order.demand(reader, writer)
    taken.add(input)
    return true
  })
}

function canOverwrite(draft: KernelDraft, output: Node, input: Node): boolean {
  // Points of a row are walked several times: what the first walk wrote, the second would read.
  if (draft.reductions.length > 0 && !draft.isPerRow(output)) return false
  const inReductions = new Set(postOrder(draft.reductions.map((reduction) => reduction.body)))
  return postOrder([...draft.elements.values()]).every((scalar) => {
    const isRead = scalar.kind === 'load' || scalar.kind === 'gather'
    if (!isRead || draft.arrayNode(scalar.array) !== input) return true
    return scalar.kind === 'load' && scalar.index === draft.row && !inReductions.has(scalar)
  })
}
