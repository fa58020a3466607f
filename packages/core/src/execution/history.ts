import { collectionCount } from '../graph/lifetime.ts'
import { topologicalOrder } from '../graph/order.ts'
import type { Node } from '../graph/tensor.ts'
import { nodeByteLength } from '../graph/value.ts'
import { sourceIds } from './source-ids.ts'

// A computed value keeps how it came about, because gradients may be asked for at any time. They
// can be asked for by tensors and parameters that the program still has, and by nothing else: where
// none of those is among the ancestors of a value, its history is let go. What the program has
// shows when tensors are collected, so histories are gone through after that, and when a lot has
// been added to them.

/** How much may be kept for gradients alone. */
export interface HistoryLimits {
  /** Bytes of values of which the program has no tensor. */
  readonly byteLength: number
  /** Values one behind the other that were computed at a read each. */
  readonly steps: number
}

const usualLimits: HistoryLimits = { byteLength: 2 ** 28, steps: 2000 }

/** Nodes and bytes that may be added before histories are gone through again. */
const leastGrowth = { nodes: 4096, byteLength: 2 ** 26 }

/** Computed values that keep a history. */
let roots: WeakRef<Node>[] = []
/** Every node that was one of them at some time. */
const steps = new WeakSet<Node>()

const sinceLast = { nodes: 0, byteLength: 0 }
let atLast = { nodes: 0, byteLength: 0, collections: 0 }

/** Notes values that were computed from the nodes in `order`, and goes through histories if due. */
export function keepHistory(computed: readonly Node[], order: readonly Node[]): void {
  for (const node of order) node.lifetime.watch()
  for (const node of computed) {
    if (node.inputs.length === 0) continue
    roots.push(new WeakRef(node))
    steps.add(node)
    sinceLast.byteLength += nodeByteLength(node)
  }
  sinceLast.nodes += order.length
  const isDue =
    collectionCount() !== atLast.collections ||
    sinceLast.nodes > atLast.nodes + leastGrowth.nodes ||
    sinceLast.byteLength > atLast.byteLength + leastGrowth.byteLength
  if (isDue) trimHistory()
}

/** Gives up what is kept for gradients alone and can be computed again. */
export function relieveHistory(): void {
  dropComputable(topologicalOrder(withoutUnasked()))
}

/** Lets go of histories that nothing can ask for, and of the longest beyond the limits. */
export function trimHistory(limits: HistoryLimits = usualLimits): void {
  const kept = withoutUnasked()
  const { order, byteLength } = keepWithin(kept, limits)
  roots = kept.filter(hasHistory).map((node) => new WeakRef(node))
  sinceLast.nodes = 0
  sinceLast.byteLength = 0
  atLast = { nodes: order.length, byteLength, collections: collectionCount() }
}

/** Roots whose history somebody can still ask for; the others let go of theirs. */
function withoutUnasked(): Node[] {
  const live = roots.flatMap((root) => root.deref() ?? [])
  const watched = watchedNodes(topologicalOrder(live))
  for (const node of live) {
    // Nothing to ask by is left but what was forgotten before.
    if (node.isRealized && !watched.has(node)) node.forget(sourcesOf(node))
  }
  return live.filter(hasHistory)
}

function hasHistory(node: Node): boolean {
  return node.inputs.length > 0
}

/** Nodes with something among their ancestors by which the program can differentiate. */
function watchedNodes(order: readonly Node[]): Set<Node> {
  const watched = new Set<Node>()
  for (const node of order) {
    if (node.inputs.some((input) => input.lifetime.isHeld || watched.has(input))) watched.add(node)
  }
  return watched
}

/** What remains below `kept` once the limits hold. */
function keepWithin(
  kept: readonly Node[],
  limits: HistoryLimits,
): { order: readonly Node[]; byteLength: number } {
  let order = topologicalOrder(kept)
  if (unheldBytes(order) > limits.byteLength) dropComputable(order)
  for (;;) {
    const byteLength = unheldBytes(order)
    const depths = depthsOf(order)
    const deepest = order.reduce((most, node) => Math.max(most, depths.get(node) ?? 0), 0)
    if (byteLength <= limits.byteLength && deepest <= limits.steps) return { order, byteLength }
    const victims = victimsOf(order, (node) => (depths.get(node) ?? 0) > Math.max(1, deepest / 2))
    if (victims.length === 0) return { order, byteLength }
    for (const node of victims) node.forget(sourcesOf(node))
    order = topologicalOrder(kept)
  }
}

/** Values whose history goes: those that are deep, else the older half. */
function victimsOf(order: readonly Node[], isDeep: (node: Node) => boolean): Node[] {
  const candidates = order.filter((node) => node.isRealized && hasHistory(node))
  const deep = candidates.filter(isDeep)
  if (deep.length > 0) return deep
  candidates.sort((a, b) => a.id - b.id)
  return candidates.slice(0, Math.ceil(candidates.length / 2))
}

function unheldBytes(order: readonly Node[]): number {
  return order.reduce(
    (sum, node) => (node.isRealized && !node.lifetime.isHeld ? sum + nodeByteLength(node) : sum),
    0,
  )
}

function dropComputable(order: readonly Node[]): void {
  for (const node of order) {
    const { isHeld, readers } = node.lifetime
    if (node.inputs.length > 0 && !isHeld && readers === 0) node.drop()
  }
}

/** How many values that were computed at reads lie one behind the other down to each node. */
function depthsOf(order: readonly Node[]): ReadonlyMap<Node, number> {
  const depths = new Map<Node, number>()
  for (const node of order) {
    const below = node.inputs.reduce((most, input) => Math.max(most, depths.get(input) ?? 0), 0)
    depths.set(node, below + Number(steps.has(node)))
  }
  return depths
}

/** Ids of the ancestors by which the program could differentiate, those forgotten before included. */
function sourcesOf(node: Node): Set<number> {
  return sourceIds(topologicalOrder(node.inputs), ({ lifetime }) => lifetime.isHeld)
}
