import type { Node } from '../graph/tensor.ts'
import type { CustomDraft } from './custom-draft.ts'
import type { KernelDraft } from './draft.ts'
import type { WalkDraft } from './walk-draft.ts'

export type Draft = KernelDraft | WalkDraft | CustomDraft

/** Drafts, and which must run before which. */
export class DraftOrder {
  readonly #drafts: Draft[] = []
  readonly #writer = new Map<Node, Draft>()
  /** Drafts that must run before a draft for reasons other than reading its results. */
  readonly #demanded = new Map<Draft, Set<Draft>>()

  get drafts(): readonly Draft[] {
    return this.#drafts
  }

  add(draft: Draft): void {
    this.#drafts.push(draft)
    this.#own(draft)
  }

  /** Puts a draft of more nodes in the place of another. */
  replace(draft: Draft, by: Draft): void {
    this.#drafts[this.#drafts.indexOf(draft)] = by
    this.#own(by)
  }

  writerOf(node: Node): Draft | undefined {
    return this.#writer.get(node)
  }

  /** Whether `first` must run before `last`, directly or not. */
  isBefore(first: Draft, last: Draft): boolean {
    const seen = new Set<Draft>()
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
  demand(first: Draft, last: Draft): void {
    const known = this.#demanded.get(last) ?? new Set()
    this.#demanded.set(last, known.add(first))
  }

  /** All drafts, each after those that must run before it. */
  sorted(): Draft[] {
    const order: Draft[] = []
    const done = new Set<Draft>()
    const visit = (draft: Draft) => {
      if (done.has(draft)) return
      done.add(draft)
      this.#before(draft).forEach(visit)
      order.push(draft)
    }
    this.#drafts.forEach(visit)
    return order
  }

  #own(draft: Draft): void {
    for (const node of draft.nodes) this.#writer.set(node, draft)
  }

  #before(draft: Draft): Set<Draft> {
    const writers = [...draft.reads].flatMap((node) => this.#writer.get(node) ?? [])
    const all = new Set([...writers, ...(this.#demanded.get(draft) ?? [])])
    all.delete(draft)
    return all
  }
}
