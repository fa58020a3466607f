import { ArgumentError } from '../errors.ts'
import type { Node } from '../graph/tensor.ts'
import { postOrder, type Scalar } from '../scalar/scalar.ts'
import { sizeOf } from '../shape.ts'
import { CustomDraft } from './custom-draft.ts'
import { type DraftSpace, KernelDraft } from './draft.ts'
import type { DraftContext } from './draft-arrays.ts'
import { DraftOrder } from './draft-order.ts'
import { walksOf } from './stages.ts'
import { WalkDraft } from './walk-draft.ts'

/** Rows longer than this are walked once by a kernel. */
const maxRowLength = 8192

/** Kernels do not grow beyond this: longer ones gain nothing and take long to compile. */
const maxInstructions = 512

/** Puts materialised nodes, given in topological order, into as few kernels as fuse well. */
export function groupIntoDrafts(nodes: readonly Node[], context: DraftContext): DraftOrder {
  const order = new DraftOrder()
  for (const node of nodes) {
    const own = CustomDraft.of(node, context) ?? WalkDraft.of(node, context)
    if (own !== undefined) {
      order.add(own)
      continue
    }
    const alone = new KernelDraft([node], context)
    if (!alone.isConsistent) throw severalReductions(alone)
    if (!joinExisting(alone, node, order, context)) order.add(alone)
  }
  return order
}

function severalReductions({ label }: KernelDraft): ArgumentError {
  return new ArgumentError(label, {
    got: 'a lowering with reductions over different ranges',
    wanted: 'at most one range to reduce over in the lowering of an op',
    hint: 'make two ops of it, or compose it of others',
  })
}

/** Adds `node` to the latest draft that can take it. */
function joinExisting(
  alone: KernelDraft,
  node: Node,
  order: DraftOrder,
  context: DraftContext,
): boolean {
  if (alone.contraction !== undefined) return false
  for (const draft of [...order.drafts].reverse()) {
    if (!(draft instanceof KernelDraft)) continue
    if (draft.instructionCount + alone.instructionCount > maxInstructions) continue
    const touches = (read: Node) => draft.reads.has(read) || order.writerOf(read) === draft
    if (![...alone.reads].some(touches)) continue
    const space = commonSpace(draft, alone)
    if (space === undefined || !canWait(draft, alone, order)) continue
    if (!context.kinds.includes('row') && makesRows(draft, alone)) continue
    const joined = new KernelDraft([...draft.nodes, node], context, space)
    if (joined.inner > maxRowLength && walksOf(joined) > 1) continue
    if (!joined.isConsistent || !isRelated(joined, draft, alone, node)) continue
    // A product that is stored anyway is summed where it is made; else it is left to a contraction.
    if ((joined.contraction === undefined) !== (draft.contraction === undefined)) continue
    order.replace(draft, joined)
    return true
  }
  return false
}

/** Whether a kernel of both would be more than a map or a reduction with its epilogue. */
function makesRows(draft: KernelDraft, alone: KernelDraft): boolean {
  if (alone.reductions.length > 0) return true
  return draft.reductions.length > 0 && alone.outer !== draft.outer
}

/** The loops over which both can be computed. */
function commonSpace(draft: KernelDraft, alone: KernelDraft): DraftSpace | undefined {
  const { outer } = draft
  const size = alone.outer
  const [a, b] = [draft.reductions.length > 0, alone.reductions.length > 0]
  const inner = a ? draft.inner : alone.inner
  if (!a && !b) return size === outer ? { outer, inner: 1 } : undefined
  if (a && b) return size === outer && alone.inner === inner ? { outer, inner } : undefined
  if (inner > maxRowLength) return !b && size === outer ? { outer, inner } : undefined
  if (a) return size === outer || size === outer * inner ? { outer, inner } : undefined
  // The reduction of rows that a map makes.
  return size * inner === outer ? { outer: size, inner } : undefined
}

/** Whether everything that `alone` reads can be computed without the results of `draft`. */
function canWait(draft: KernelDraft, alone: KernelDraft, order: DraftOrder): boolean {
  return [...alone.reads].every((read) => {
    const writer = order.writerOf(read)
    return writer === undefined || writer === draft || !order.isBefore(draft, writer)
  })
}

/** Uses the draft's results; or, where both are maps or both reductions, reads what it reads. */
function isRelated(
  joined: KernelDraft,
  draft: KernelDraft,
  alone: KernelDraft,
  node: Node,
): boolean {
  const element = joined.elements.get(node)
  const results = new Set<Scalar>(draft.nodes.flatMap((own) => joined.elements.get(own) ?? []))
  const parts = element === undefined ? [] : postOrder([element])
  if (parts.some((part) => results.has(part))) {
    // A contraction takes epilogues of its own size only.
    return draft.contraction === undefined || sizeOf(node.shape) === draft.outer
  }
  if (draft.reductions.length > 0 !== alone.reductions.length > 0) return false
  if (draft.contraction !== undefined) return false
  return [...alone.reads].some((read) => draft.reads.has(read))
}
