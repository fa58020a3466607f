import type { Node } from '../graph/tensor.ts'
import { type DraftContext, KernelDraft } from './draft.ts'

/** Which draft must run before which, and why that may change. */
export class DraftOrder {
  readonly drafts: KernelDraft[] = []
  readonly #writer = new Map<Node, KernelDraft>()
  /** Drafts that must run before a draft for reasons other than reading its results. */
  readonly #extra = new Map<KernelDraft, Set<KernelDraft>>()

  add(draft: KernelDraft): void {
    this.drafts.push(draft)
    for (const node of draft.elements.keys()) this.#writer.set(node, draft)
  }

  /** Lets `draft` compute one more node. */
  join(draft: KernelDraft, node: Node): void {
    this.#writer.set(node, draft)
  }

  writerOf(node: Node): KernelDraft | undefined {
    return this.#writer.get(node)
  }

  /** Drafts that must run directly before `draft`. */
  before(draft: KernelDraft): Set<KernelDraft> {
    const writers = [...draft.reads].flatMap((node) => this.#writer.get(node) ?? [])
    const all = new Set([...writers, ...(this.#extra.get(draft) ?? [])])
    all.delete(draft)
    return all
  }

  /** Whether `first` must run before `last`, directly or not. */
  isBefore(first: KernelDraft, last: KernelDraft): boolean {
    const seen = new Set<KernelDraft>()
    const open = [last]
    for (let draft = open.pop(); draft !== undefined; draft = open.pop()) {
      for (const earlier of this.before(draft)) {
        if (earlier === first) return true
        if (!seen.has(earlier)) open.push(earlier)
        seen.add(earlier)
      }
    }
    return false
  }

  /** Demands that `first` runs before `last`; answers false, changing nothing, if it cannot. */
  demand(first: KernelDraft, last: KernelDraft): boolean {
    if (first === last) return true
    if (this.isBefore(last, first)) return false
    const known = this.#extra.get(last) ?? new Set()
    this.#extra.set(last, known.add(first))
    return true
  }

  /** All drafts, each after those that must run before it. */
  sorted(): KernelDraft[] {
    const done = new Set<KernelDraft>()
    const visit = (draft: KernelDraft) => {
      if (done.has(draft)) return
      done.add(draft)
      for (const earlier of this.before(draft)) visit(earlier)
      order.push(draft)
    }
    const order: KernelDraft[] = []
    this.drafts.forEach(visit)
    return order
  }
}

/** Puts materialised nodes, given in topological order, into as few kernels as fuse well. */
export function groupIntoDrafts(nodes: readonly Node[], context: DraftContext): DraftOrder {
  const order = new DraftOrder()
  for (const node of nodes) {
    const alone = new KernelDraft(node, context)
    const host = order.drafts.findLast(
      (draft) => canJoin(draft, alone, order) && draft.tryAdd(node),
    )
    if (host === undefined) order.add(alone)
    else order.join(host, node)
  }
  return order
}

/** Whether everything that `alone` reads can be computed without the results of `draft`. */
function canJoin(draft: KernelDraft, alone: KernelDraft, order: DraftOrder): boolean {
  if (draft.size !== alone.size || alone.reductions.length > 0) return false
  return [...alone.reads].every((read) => {
    const writer = order.writerOf(read)
    return writer === undefined || writer === draft || !order.isBefore(draft, writer)
  })
}
