import type { Node } from '../graph/tensor.ts'
import { IndexSpace } from '../index-algebra/index.ts'
import { ScalarBuilder } from '../scalar/builder.ts'
import { postOrder } from '../scalar/scalar.ts'
import { DraftArrays, type DraftBase, type DraftContext } from './draft-arrays.ts'
import { ElementLowering } from './lowering.ts'
import { rootsOf, type Walk, walkOf } from './walk.ts'

/** The kernel of an op that walks rows in order, see `WalkForm`. */
export class WalkDraft implements DraftBase {
  readonly nodes: readonly Node[]
  readonly label: string
  readonly reads: ReadonlySet<Node>
  readonly walk: Walk
  readonly #arrays: DraftArrays

  private constructor(node: Node, walk: Walk, arrays: DraftArrays, names: ReadonlySet<string>) {
    this.nodes = [node]
    this.walk = walk
    this.label = [...names].join(' ')
    this.reads = arrays.readBy(postOrder(rootsOf(walk)))
    this.#arrays = arrays
  }

  /** Undefined if the op of the node has no such form or the backend no such kernels. */
  static of(node: Node, context: DraftContext): WalkDraft | undefined {
    const arrays = new DraftArrays(context)
    const lowering = new ElementLowering(new IndexSpace(), new ScalarBuilder(context.functions), {
      element: (input) => arrays.element(context.resolve(input), lowering.scalar),
      array: (input) => arrays.ordered(input),
    })
    const { form, name } = lowering.walk(node)
    if (form === undefined || !context.kinds.includes(form.kind)) return undefined
    const walk = walkOf(form, node.shape, lowering.space)
    return new WalkDraft(node, walk, arrays, new Set([...lowering.names, name]))
  }

  arrayNode(array: number): Node {
    return this.#arrays.node(array)
  }
}
