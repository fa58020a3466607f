import { arithmeticOf } from '../dtype.ts'
import type { Node } from '../graph/tensor.ts'
import type { ScalarFunction } from '../ir/instruction.ts'
import type { KernelKind } from '../ir/kernel.ts'
import type { ScalarBuilder } from '../scalar/builder.ts'
import type { Scalar } from '../scalar/scalar.ts'
import type { Claims } from './claim.ts'
import type { ElementValue } from './lowering.ts'

/** What drafts of one schedule share. */
export interface DraftContext {
  readonly materialized: ReadonlySet<Node>
  /** Position of a number node among the scalars of the plan. */
  readonly scalarOf: ReadonlyMap<Node, number>
  readonly functions: readonly ScalarFunction[]
  /** Kinds of kernels that the backend has. */
  readonly kinds: readonly KernelKind[]
  readonly claims: Claims
  resolve(node: Node): Node
  isGiven(node: Node): boolean
}

/** Kernels in the making: one, or a few that write the same array one after the other. */
export interface DraftBase {
  /** What it computes. */
  readonly nodes: readonly Node[]
  /** Arrays that it reads. */
  readonly reads: ReadonlySet<Node>
  /** Names of the ops, for people. */
  readonly label: string
  /** The node that holds array number `array` of its expressions. */
  arrayNode(array: number): Node
}

/** The arrays that the expressions of one draft read, by the numbers that they have there. */
export class DraftArrays {
  readonly #context: DraftContext
  readonly #nodes: Node[] = []
  readonly #numbers = new Map<Node, number>()

  constructor(context: DraftContext) {
    this.#context = context
  }

  /** Where an element of a node comes from: a number, an array, or its expression. */
  element(node: Node, builder: ScalarBuilder): 'inline' | ElementValue {
    const { scalarOf, isGiven, materialized } = this.#context
    const number = scalarOf.get(node)
    if (number !== undefined) {
      const scalar = builder.argument(arithmeticOf(node.dtype), number)
      return { kind: 'scalar', scalar: builder.cast(scalar, node.dtype) }
    }
    if (!isGiven(node) && !materialized.has(node)) return 'inline'
    return { kind: 'array', array: this.#numberOf(node) }
  }

  /** The number of the array that holds the elements of a node in their order. */
  ordered(node: Node): number {
    return this.#numberOf(orderedBase(node, this.#context))
  }

  /** The node that array number `array` holds. */
  node(array: number): Node {
    const node = this.#nodes[array]
    if (node === undefined) throw new Error(`no array ${array}`)
    return node
  }

  /** The nodes that these expressions read, arguments not included. */
  readBy(scalars: readonly Scalar[]): ReadonlySet<Node> {
    const isRead = (s: Scalar) => s.kind === 'load' || s.kind === 'gather'
    return new Set(scalars.flatMap((s) => (isRead(s) && 'array' in s ? this.node(s.array) : [])))
  }

  #numberOf(node: Node): number {
    const known = this.#numbers.get(node)
    if (known !== undefined) return known
    const number = this.#nodes.push(node) - 1
    this.#numbers.set(node, number)
    return number
  }
}

/** The node that holds the same elements in the same order and is more than another shape of one. */
export function orderedBase(
  node: Node,
  graph: { resolve(node: Node): Node; isGiven(node: Node): boolean },
): Node {
  const own = graph.resolve(node)
  const [input] = own.inputs
  const isView = !graph.isGiven(own) && own.source.kind === 'op' && own.source.op.keepsOrder
  return isView && input !== undefined ? orderedBase(input, graph) : own
}
