import type { Node } from '../graph/tensor.ts'
import type { KernelDraft } from './draft.ts'

/** Drafts, and which must run before which. */
export class DraftOrder {
  readonly #drafts: KernelDraft[] = []
  readonly #writer = new Map<Node, KernelDraft>()
  /** Drafts that must run before a draft for reasons other than reading its results. */
  readonly #demanded = new Map<KernelDraft, Set<KernelDraft>>()

  get drafts(): readonly KernelDraft[] {
    return this.#drafts
  }

  add(draft: KernelDraft): void {
    this.#drafts.push(draft)
    this.#own(draft)
  }

  /** Puts a draft of more nodes in the place of another. */
  replace(draft: KernelDraft, by: KernelDraft): void {
    this.#drafts[this.#drafts.indexOf(draft)] = by
    this.#own(by)
  }

  writerOf(node: Node): KernelDraft | undefined {
    return this.#writer.get(node)
  }

  /** Whether `first` must run before `last`, directly or not. */
  isBefore(first: KernelDraft, last: KernelDraft): boolean {
    const seen = new Set<KernelDraft>()
    const open = [last]
    for (let draft = open.pop(); draft !== undefined; draft = open.pop()) {
      for (const earlier of this.#before(draft)) {
        if (earlier === first) return true
        if (!seen.has(earlier)) open.push(earlier)
        seen.add(earlier)
      }
    }
    return false
  }

  /** Demands that `first` runs before `last`; nothing may demand the contrary. */
  demand(first: KernelDraft, last: KernelDraft): void {
    const known = this.#demanded.get(last) ?? new Set()
    this.#demanded.set(last, known.add(first))
  }

  /** All drafts, each after those that must run before it. */
  sorted(): KernelDraft[] {
    const order: KernelDraft[] = []
    const done = new Set<KernelDraft>()
    const visit = (draft: KernelDraft) => {
      if (done.has(draft)) return
      done.add(draft)
      this.#before(draft).forEach(visit)
      order.push(draft)
    }
    this.#drafts.forEach(visit)
    return order
  }

  #own(draft: KernelDraft): void {
    for (const node of draft.nodes) this.#writer.set(node, draft)
  }

  #before(draft: KernelDraft): Set<KernelDraft> {
    const writers = [...draft.reads].flatMap((node) => this.#writer.get(node) ?? [])
    const all = new Set([...writers, ...(this.#demanded.get(draft) ?? [])])
    all.delete(draft)
    return all
  }
}
