import type { Node } from '../graph/tensor.ts'
import { type Index, IndexSpace, unflatten } from '../index-algebra/index.ts'
import type { ScalarFunction } from '../ir/instruction.ts'
import { ScalarBuilder } from '../scalar/builder.ts'
import { postOrder, type ReduceScalar, type Scalar } from '../scalar/scalar.ts'
import { sizeOf } from '../shape.ts'
import { ElementLowering, type ElementValue } from './lowering.ts'

/** What drafts of one schedule share. */
export interface DraftContext {
  readonly materialized: ReadonlySet<Node>
  /** Position of a number node among the scalars of the plan. */
  readonly scalarOf: ReadonlyMap<Node, number>
  readonly functions: readonly ScalarFunction[]
  resolve(node: Node): Node
  isGiven(node: Node): boolean
}

/**
 * A kernel in the making: nodes of one size whose elements are computed together, at one flat
 * index over their row-major order.
 */
export class KernelDraft {
  readonly size: number
  readonly flat: Index
  /** What each node's element is, in the order in which nodes were added. */
  readonly elements = new Map<Node, Scalar>()
  readonly #context: DraftContext
  readonly #lowering: ElementLowering
  readonly #arrays: Node[] = []
  readonly #arrayNumbers = new Map<Node, number>()
  #reads: ReadonlySet<Node> | undefined

  constructor(first: Node, context: DraftContext) {
    this.#context = context
    this.size = sizeOf(first.shape)
    const space = new IndexSpace()
    this.flat = space.axis(this.size, 't')
    this.#lowering = new ElementLowering(space, new ScalarBuilder(context.functions), (node, at) =>
      this.#sourceOf(context.resolve(node), at),
    )
    this.elements.set(first, this.#elementOf(first))
  }

  /** The node that array number `array` holds. */
  arrayNode(array: number): Node {
    const node = this.#arrays[array]
    if (node === undefined) throw new Error(`no array ${array}`)
    return node
  }

  get reductions(): readonly ReduceScalar[] {
    return postOrder([...this.elements.values()]).filter((scalar) => scalar.kind === 'reduce')
  }

  /** Arrays that are read. */
  get reads(): ReadonlySet<Node> {
    this.#reads ??= this.#readsOf([...this.elements.values()])
    return this.#reads
  }

  /**
   * Adds a node of the same size if it needs no reduction of its own, reads this draft's nodes
   * only at its own index, and shares something with it. Answers whether it did.
   */
  tryAdd(node: Node): boolean {
    if (sizeOf(node.shape) !== this.size) return false
    const element = this.#elementOf(node)
    if ([...this.#readsOf([element])].some((read) => this.elements.has(read))) return false
    const known = new Set(this.reductions)
    const adds = postOrder([element]).some((s) => s.kind === 'reduce' && !known.has(s))
    if (adds || !this.#isRelated(element)) return false
    this.elements.set(node, element)
    this.#reads = undefined
    return true
  }

  /** Uses this draft's results; or, among maps, reads an array that it reads too. */
  #isRelated(element: Scalar): boolean {
    const results = new Set(this.elements.values())
    if (postOrder([element]).some((scalar) => results.has(scalar))) return true
    if (this.reductions.length > 0) return false
    const reads = this.reads
    return [...this.#readsOf([element])].some((node) => reads.has(node))
  }

  #readsOf(roots: readonly Scalar[]): Set<Node> {
    const loads = postOrder(roots).filter((scalar) => scalar.kind === 'load')
    return new Set(loads.map((load) => this.arrayNode(load.array)))
  }

  #elementOf(node: Node): Scalar {
    return this.#lowering.computed(node, unflatten(this.flat, node.shape))
  }

  #sourceOf(node: Node, at: readonly Index[]): 'inline' | ElementValue {
    const number = this.#context.scalarOf.get(node)
    if (number !== undefined) {
      return { kind: 'scalar', scalar: this.#lowering.scalar.argument(node.dtype, number) }
    }
    const own = this.elements.get(node)
    if (own !== undefined && isSameIndex(at, unflatten(this.flat, node.shape))) {
      return { kind: 'scalar', scalar: own }
    }
    const isArray = this.#context.isGiven(node) || this.#context.materialized.has(node)
    if (!isArray) return 'inline'
    return { kind: 'array', array: this.#numberOf(node) }
  }

  #numberOf(node: Node): number {
    const known = this.#arrayNumbers.get(node)
    if (known !== undefined) return known
    const number = this.#arrays.push(node) - 1
    this.#arrayNumbers.set(node, number)
    return number
  }
}

function isSameIndex(a: readonly Index[], b: readonly Index[]): boolean {
  return a.every((index, axis) => index === b[axis])
}
