import { attributeText } from './attribute-text.ts'
import { topologicalOrder } from './order.ts'
import type { Node, Primitive } from './tensor.ts'

/**
 * What a computation is, apart from the data it runs on: the key under which its plan is kept,
 * and the leaves that its arguments are bound to.
 */
export interface GraphStructure {
  /** Exact text of the graph: equal keys mean equal plans. */
  readonly key: string
  /** Nodes in order, inputs first, equal computations once. */
  readonly order: readonly Node[]
  /** The first node that computes the same thing, for every node. */
  readonly representative: ReadonlyMap<Node, Node>
  /** Realised nodes and placeholders that are read, in the order of their first visit. */
  readonly arrays: readonly Node[]
  /** Number nodes, in the order of their first visit. */
  readonly numbers: readonly Node[]
  /** What must be computed: representatives, each once, without leaves. */
  readonly outputs: readonly Node[]
  /** Whether a node's value is given to the computation. */
  isGiven(node: Node): boolean
}

/**
 * Numbers the nodes that `outputs` need, merges equal ones, and writes the key. Values are given
 * for leaves and for whatever else `isGiven` accepts.
 */
export function structureOf(
  outputs: readonly Node[],
  isGiven: (node: Node) => boolean = isLeaf,
): GraphStructure {
  const lines = new Map<string, Node>()
  const lineNumbers = new Map<Node, number>()
  const representative = new Map<Node, Node>()
  const arrays: Node[] = []
  const numbers: Node[] = []
  // What is done soonest comes first, so that what only it needs can go: the gradient by the last
  // weight before the one by the first.
  const roots = [...outputs].sort((a, b) => a.pendingDepth - b.pendingDepth)
  for (const node of topologicalOrder(roots, isGiven)) {
    const line = isGiven(node)
      ? givenLine(node, arrays, numbers)
      : computedLine(node, (input) => lineNumbers.get(input), lines.size)
    const first = lines.get(line) ?? node
    if (first === node) {
      lines.set(line, node)
      lineNumbers.set(node, lines.size)
    } else {
      lineNumbers.set(node, lineNumbers.get(first) ?? 0)
    }
    representative.set(node, first)
  }
  const ends = new Set(outputs.flatMap((node) => representative.get(node) ?? []))
  const given = new Set([...arrays, ...numbers])
  const computed = [...ends].filter((node) => !given.has(node))
  return {
    key: `${[...lines.keys()].join('\n')}\n→ ${computed.map((end) => lineNumbers.get(end)).join(' ')}`,
    order: [...lines.values()],
    representative,
    arrays,
    numbers,
    outputs: computed,
    isGiven: (node) => given.has(node),
  }
}

/** Whether the value is given rather than computed. */
export function isLeaf(node: Node): boolean {
  return node.isRealized || node.source.kind !== 'op'
}

function givenLine(node: Node, arrays: Node[], numbers: Node[]): string {
  const isNumber = node.source.kind === 'number' && !node.isRealized
  const position = (isNumber ? numbers : arrays).push(node)
  return `${isNumber ? 'number' : 'array'} ${position} ${typeText(node)}`
}

function computedLine(
  node: Node,
  numberOf: (node: Node) => number | undefined,
  position: number,
): string {
  if (node.source.kind !== 'op') throw new Error(`a node of kind ${node.source.kind} has no value`)
  const { op, attributes, names } = node.source
  const inputs = node.inputs.map((input, i) => `${names[i]}=${numberOf(input)}`).join(' ')
  const name = `${op.name}#${identityOf(op)}${op.isDistinct ? `@${position}` : ''}`
  return `${name} ${attributeText(attributes)} ${typeText(node)} ${inputs}`
}

function typeText({ dtype, shape }: Node): string {
  return `${dtype}[${shape.join()}]`
}

// Ops of different packages may share a name: the record itself is the identity.
const identities = new WeakMap<Primitive, number>()
let identityCount = 0

function identityOf(op: Primitive): number {
  const known = identities.get(op)
  if (known !== undefined) return known
  identities.set(op, identityCount)
  return identityCount++
}
