import type { Node } from '../graph/tensor.ts'
import { postOrder } from '../scalar/scalar.ts'
import type { KernelDraft } from './draft.ts'
import type { DraftOrder } from './group.ts'

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
    if (!readsInPlace(writer, input)) return false
    const readers = order.drafts.filter((draft) => draft !== writer && draft.reads.has(input))
    if (readers.some((reader) => order.isBefore(writer, reader))) return false
    for (const reader of readers) order.demand(reader, writer)
    taken.add(input)
    return true
  })
}

function readsInPlace(draft: KernelDraft, input: Node): boolean {
  const inReductions = new Set(postOrder(draft.reductions.map((reduction) => reduction.body)))
  return postOrder([...draft.elements.values()]).every(
    (scalar) =>
      scalar.kind !== 'load' ||
      draft.arrayNode(scalar.array) !== input ||
      (scalar.index === draft.flat && !inReductions.has(scalar)),
  )
}
