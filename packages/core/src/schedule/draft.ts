import type { Node } from '../graph/tensor.ts'
import { type Axis, flatten, type Index, IndexSpace, unflatten } from '../index-algebra/index.ts'
import { ScalarBuilder } from '../scalar/builder.ts'
import { postOrder, type ReduceScalar, type Scalar } from '../scalar/scalar.ts'
import { sizeOf } from '../shape.ts'
import { type KernelAxes, splitKernelAxes } from './axes.ts'
import { findProduct, type Product } from './contraction.ts'
import { DraftArrays, type DraftBase, type DraftContext } from './draft-arrays.ts'
import { ElementLowering, type ElementValue } from './lowering.ts'

/** The loops of a draft: rows of `inner` points each; without reductions there is one per row. */
export interface DraftSpace {
  readonly outer: number
  readonly inner: number
}

/**
 * A kernel in the making: nodes whose elements are computed in one walk. A node has one element
 * per row (`outer`), as reductions over the row have, or one per point of the rows (`outer · inner`).
 */
export class KernelDraft implements DraftBase {
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
  readonly #lowering: ElementLowering
  readonly #arrays: DraftArrays
  #inner: Index | undefined
  #innerSize: number

  /** One node alone, or several over a space that they share. */
  constructor(nodes: readonly Node[], context: DraftContext, shared?: DraftSpace) {
    this.nodes = nodes
    this.#arrays = new DraftArrays(context)
    this.outer = shared?.outer ?? Math.max(...nodes.map((node) => sizeOf(node.shape)))
    this.#innerSize = shared?.inner ?? 1
    const space = new IndexSpace()
    this.row = space.axis(this.outer, 't')
    if (shared !== undefined) this.#inner = space.axis(shared.inner, 'r')
    this.point = this.row.mul(this.#innerSize).add(this.#inner ?? 0)
    this.#lowering = new ElementLowering(space, new ScalarBuilder(context.functions), {
      element: (node, at) => this.#sourceOf(context.resolve(node), at),
      array: (node) => this.#arrays.ordered(node),
      reducedAxis: (extent) => this.#reducedAxis(extent),
    })
    const elements = new Map<Node, Scalar>()
    this.elements = elements
    for (const node of nodes) {
      const at = unflatten(this.indexOf(node), node.shape)
      elements.set(node, this.#lowering.computed(node, at))
    }
    const all = postOrder([...elements.values()])
    this.instructionCount = all.length
    this.reductions = all.filter((scalar) => scalar.kind === 'reduce')
    this.reads = this.#arrays.readBy(all)
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

  arrayNode(array: number): Node {
    return this.#arrays.node(array)
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
    const own = this.elements.get(node)
    if (own !== undefined && this.#flat(node, at) === this.indexOf(node)) {
      return { kind: 'scalar', scalar: own }
    }
    return this.#arrays.element(node, this.#lowering.scalar)
  }

  #flat(node: Node, at: readonly Index[]): Index {
    return flatten(at, node.shape, this.#lowering.space)
  }
}
