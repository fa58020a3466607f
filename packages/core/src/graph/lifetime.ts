/** What tensors of one node have in common: it is collected when the last of them is. */
export class Hold {
  /** Tensors that were not disposed of; those that were collected still count. */
  tensors = 0
}

/** What its lifetime needs to know of a node. */
export interface LivingNode {
  readonly inputs: readonly LivingNode[]
  readonly isRealized: boolean
  readonly lifetime: Lifetime
  /** Gives the value up. */
  drop(): void
}

/** Holds that are still there, counted without keeping them. */
interface HoldCount {
  count: number
  readonly node: WeakRef<LivingNode>
}

const collected = new FinalizationRegistry<HoldCount>((holds) => {
  collections++
  holds.count--
  holds.node.deref()?.lifetime.review()
})

let collections = 0

/** Grows whenever tensors were found to be collected. */
export function collectionCount(): number {
  return collections
}

/**
 * Who may still ask for the value of a node: tensors of the program, and nodes that have to be
 * computed from it. A node that somebody asks for, and that is not computed, asks for its inputs.
 */
export class Lifetime {
  readonly #node: LivingNode
  #readers = 0
  #isReading = true
  #isDisposed = false
  /** While set, whether tensors are there is not watched: they are taken to be. */
  #hold: Hold | undefined
  #watched: HoldCount | undefined

  /** A new node asks for its inputs: it is made for a tensor, or for another node. */
  constructor(node: LivingNode) {
    this.#node = node
    for (const input of node.inputs) input.lifetime.addReader()
  }

  /** Dependents that have not been computed yet and will read the value. */
  get readers(): number {
    return this.#readers
  }

  /** Whether the program has, or may have, a tensor of the node. */
  get isHeld(): boolean {
    if (this.#watched !== undefined) return this.#watched.count > 0
    return this.#hold !== undefined && this.#hold.tensors > 0
  }

  addReader(): void {
    this.#readers++
    if (!this.#isReading) this.review()
  }

  removeReader(): void {
    this.#readers--
    if (this.#readers === 0) this.review()
  }

  /** For one more tensor of the node. */
  take(): Hold {
    const hold = this.#hold ?? new Hold()
    hold.tensors++
    if (this.#watched === undefined) this.#hold = hold
    else this.#watch(hold, this.#watched)
    return hold
  }

  /** For one tensor less. `isDisposed` says that the program gave it up by its own will. */
  drop(hold: Hold, isDisposed: boolean): void {
    if (--hold.tensors > 0) return
    if (this.#watched === undefined) this.#hold = undefined
    else if (collected.unregister(hold)) this.#watched.count--
    if (this.isHeld) return
    if (isDisposed) this.#isDisposed = true
    this.review()
  }

  /** Nobody will ask for the value anew: it is freed as soon as those who may still read it are gone. */
  end(): void {
    this.#isDisposed = true
    this.review()
  }

  /** From now on tensors that are collected do not count. Costs about as much as an op call. */
  watch(): void {
    if (this.#watched !== undefined) return
    const hold = this.#hold
    this.#hold = undefined
    this.#watched = { count: 0, node: new WeakRef(this.#node) }
    if (hold !== undefined) this.#watch(hold, this.#watched)
  }

  /**
   * Starts or stops asking for inputs, as the node needs them now or does not; they do the same in
   * turn. Frees what was disposed of and nobody asks for. Iterative, as graphs are deep.
   */
  review(): void {
    const open: Lifetime[] = [this]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const needsInputs = next.#needsInputs
      if (needsInputs !== next.#isReading) {
        next.#isReading = needsInputs
        for (const { lifetime } of next.#node.inputs) {
          lifetime.#readers += needsInputs ? 1 : -1
          if (lifetime.#readers === Number(needsInputs)) open.push(lifetime)
        }
      }
      if (next.#isDisposed && next.#readers === 0 && !next.isHeld) next.#node.drop()
    }
  }

  get #needsInputs(): boolean {
    if (this.#node.isRealized) return false
    return this.isHeld || this.#readers > 0
  }

  #watch(hold: Hold, holds: HoldCount): void {
    holds.count++
    collected.register(hold, holds, hold)
  }
}
