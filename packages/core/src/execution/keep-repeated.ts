import type { Backend } from '../backend.ts'
import { isLeaf } from '../graph/structure.ts'
import type { Node } from '../graph/tensor.ts'
import { nodeByteLength } from '../graph/value.ts'
import { analyze } from '../schedule/analysis.ts'

// Only what is asked for is kept when a graph is computed. A loop that updates a tensor and reads
// nothing but a loss would so compute all its steps at every read.

/** How often a value is computed on the way to others before it is kept. */
const maxTimes = 3

/** Values larger than this many times all that they are computed from are not worth keeping. */
const maxGrowth = 2

const times = new WeakMap<Node, number>()

/**
 * Nodes of a graph, given in order, to be kept because they were computed several times before: of
 * those the ones that others are computed from.
 */
export function valuesToKeep(order: readonly Node[], backend: Backend): Node[] {
  const repeated = new Set<Node>()
  for (const node of order) {
    if (isLeaf(node)) continue
    const before = times.get(node) ?? 0
    times.set(node, before + 1)
    if (before >= maxTimes) repeated.add(node)
  }
  if (repeated.size === 0) return []
  const used = order.filter((node) => !isLeaf(node) && !repeated.has(node))
  const ends = used.flatMap(({ inputs }) => inputs.filter((input) => repeated.has(input)))
  const given = order.filter(isLeaf).reduce((sum, node) => sum + nodeByteLength(node), 0)
  const kept = new Set(ends.flatMap((end) => computedBehind(end, backend) ?? []))
  return [...kept].filter((node) => nodeByteLength(node) <= maxGrowth * given)
}

/** The value that a node shows, if it computes none itself. */
function computedBehind(node: Node, backend: Backend): Node | undefined {
  for (let shown: Node | undefined = node; shown !== undefined; ) {
    if (isLeaf(shown)) return undefined
    const { cost, reduces, evaluations } = analyze(shown, backend.capabilities.kernels)
    if (cost > 0 || reduces) return shown
    shown = shown.inputs.find((_, i) => (evaluations[i] ?? 0) > 0)
  }
  return undefined
}
