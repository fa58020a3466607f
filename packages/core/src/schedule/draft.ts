import type { Node } from '../graph/tensor.ts'
import { type Axis, flatten, type Index, IndexSpace, unflatten } from '../index-algebra/index.ts'
import type { ScalarFunction } from '../ir/instruction.ts'
import { ScalarBuilder } from '../scalar/builder.ts'
import { postOrder, type ReduceScalar, type Scalar } from '../scalar/scalar.ts'
import { sizeOf } from '../shape.ts'
import { type KernelAxes, splitKernelAxes } from './axes.ts'
import { findProduct, type Product } from './contraction.ts'
import { ElementLowering, type ElementValue } from './lowering.ts'

/** What drafts of one schedule share. */
export interface DraftContext {
  readonly materialized: ReadonlySet<Node>
  /** Position of a number node among the scalars of the plan. */
  readonly scalarOf: ReadonlyMap<Node, number>
  readonly functions: readonly ScalarFunction[]
  /** Whether several reductions, or values per point beside them, may share a kernel. */
  readonly fusesRows: boolean
  resolve(node: Node): Node
  isGiven(node: Node): boolean
}

/** The loops of a draft: rows of `inner` points each; without reductions there is one per row. */
export interface DraftSpace {
  readonly outer: number
  readonly inner: number
}

/**
 * A kernel in the making: nodes whose elements are computed in one walk. A node has one element
 * per row (`outer`), as reductions over the row have, or one per point of the rows (`outer · inner`).
 */
export class KernelDraft {
  readonly nodes: readonly Node[]
  /** What each node's element is. */
  readonly elements: ReadonlyMap<Node, Scalar>
  readonly reductions: readonly ReduceScalar[]
  /** Arrays that are read. */
  readonly reads: ReadonlySet<Node>
  readonly outer: number
  /** Values that are computed, each once. */
  readonly instructionCount: number
  /** Index of the row, and of the point in row-major order over all rows. */
  readonly row: Index
  readonly point: Index
  readonly #context: DraftContext
  readonly #lowering: ElementLowering
  readonly #arrays: Node[] = []
  readonly #arrayNumbers = new Map<Node, number>()
  #inner: Index | undefined
  #innerSize: number

  /** One node alone, or several over a space that they share. */
  constructor(nodes: readonly Node[], context: DraftContext, shared?: DraftSpace) {
    this.nodes = nodes
    this.#context = context
    this.outer = shared?.outer ?? Math.max(...nodes.map((node) => sizeOf(node.shape)))
    this.#innerSize = shared?.inner ?? 1
    const space = new IndexSpace()
    this.row = space.axis(this.outer, 't')
    if (shared !== undefined) this.#inner = space.axis(shared.inner, 'r')
    this.point = this.row.mul(this.#innerSize).add(this.#inner ?? 0)
    this.#lowering = new ElementLowering(
      space,
      new ScalarBuilder(context.functions),
      (node, at) => this.#sourceOf(context.resolve(node), at),
      (extent) => this.#reducedAxis(extent),
    )
    const elements = new Map<Node, Scalar>()
    this.elements = elements
    for (const node of nodes) {
      const at = unflatten(this.indexOf(node), node.shape)
      elements.set(node, this.#lowering.computed(node, at))
    }
    const all = postOrder([...elements.values()])
    this.instructionCount = all.length
    this.reductions = all.filter((scalar) => scalar.kind === 'reduce')
    this.reads = new Set(
      all.flatMap((scalar) => (scalar.kind === 'load' ? this.arrayNode(scalar.array) : [])),
    )
  }

  /** Names of the ops that are computed, for people. */
  get label(): string {
    const names = [...this.#lowering.names]
    return (names.length > 0 ? names : ['copy']).join(' ')
  }

  get inner(): number {
    return this.#innerSize
  }

  get innerAxis(): Axis | undefined {
    return this.reductions[0]?.axis
  }

  /** Whether every reduction runs over the row and no node is read elsewhere than where it is made. */
  get isConsistent(): boolean {
    return (
      this.reductions.every(({ axis }) => axis === this.innerAxis) &&
      !this.nodes.some((node) => this.reads.has(node))
    )
  }

  /** The flat index at which a node is computed. */
  indexOf(node: Node): Index {
    return this.isPerRow(node) ? this.row : this.point
  }

  /** Whether a node has one element per row. */
  isPerRow(node: Node): boolean {
    return sizeOf(node.shape) === this.outer
  }

  /** The node that array number `array` holds. */
  arrayNode(array: number): Node {
    const node = this.#arrays[array]
    if (node === undefined) throw new Error(`no array ${array}`)
    return node
  }

  /** The axes to loop over, and the product if the one reduction is a contraction. */
  get contraction(): { axes: KernelAxes; product: Product; reduction: ReduceScalar } | undefined {
    const [reduction, another] = this.reductions
    if (reduction === undefined || another !== undefined) return undefined
    const axes = splitKernelAxes([...this.elements.values()])
    const reduced = axes.partsOf(this.row.space.atom(reduction.axis))
    const product = findProduct(reduction, axes.partsOf(this.row), reduced, axes)
    return product && { axes, product, reduction }
  }

  #reducedAxis(extent: number): Index {
    if (this.#inner !== undefined && extent === this.#innerSize) return this.#inner
    const axis = this.#lowering.space.axis(extent, 'r')
    if (this.#inner === undefined) {
      this.#inner = axis
      this.#innerSize = extent
    }
    return axis
  }

  #sourceOf(node: Node, at: readonly Index[]): 'inline' | ElementValue {
    const number = this.#context.scalarOf.get(node)
    if (number !== undefined) {
      return { kind: 'scalar', scalar: this.#lowering.scalar.argument(node.dtype, number) }
    }
    const own = this.elements.get(node)
    if (own !== undefined && this.#flat(node, at) === this.indexOf(node)) {
      return { kind: 'scalar', scalar: own }
    }
    const isArray = this.#context.isGiven(node) || this.#context.materialized.has(node)
    if (!isArray) return 'inline'
    return { kind: 'array', array: this.#numberOf(node) }
  }

  #flat(node: Node, at: readonly Index[]): Index {
    return flatten(at, node.shape, this.#lowering.space)
  }

  #numberOf(node: Node): number {
    const known = this.#arrayNumbers.get(node)
    if (known !== undefined) return known
    const number = this.#arrays.push(node) - 1
    this.#arrayNumbers.set(node, number)
    return number
  }
}
