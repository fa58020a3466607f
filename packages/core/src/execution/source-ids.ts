import { isFloat } from '../dtype.ts'
import { topologicalOrder } from '../graph/order.ts'
import type { Node } from '../graph/tensor.ts'

/** Among the ids of sources: a compiled function lies between. */
export const compiledMark = -1
/** Among the ids of sources: they were too many to be handed on, all older nodes may be some. */
const olderMark = -2

/** Ids that are handed on: a state that goes through calls for hours must not slow them down. */
const limit = 1000

/** Ids of the nodes in `order` that count, with those that others of them have forgotten. */
export function sourceIds(order: readonly Node[], counts: (node: Node) => boolean): Set<number> {
  let ids: Set<number> | undefined
  for (const { forgotten } of order) {
    // Most often one node has something, and a set made of a set is copied at once.
    if (ids === undefined) ids = forgotten && new Set(forgotten)
    else for (const id of forgotten ?? []) ids.add(id)
  }
  if (ids?.has(olderMark) || (ids?.size ?? 0) > limit) {
    return new Set([...(ids ?? [])].filter((id) => id < 0)).add(olderMark)
  }
  ids ??= new Set()
  for (const node of order) if (counts(node)) ids.add(node.id)
  return ids
}

/** Ids of what the results of a compiled function come from, given the inputs of the call. */
export function sourcesOfCall(inputs: readonly Node[]): Set<number> {
  const floats = inputs.filter(({ dtype }) => isFloat(dtype))
  let entered = 0
  const computed = floats.filter((node) => node.inputs.length > 0)
  const order = [...floats, ...topologicalOrder(computed, () => ++entered > limit)]
  const ids = sourceIds(order, () => true).add(compiledMark)
  return entered > limit ? ids.add(olderMark) : ids
}

/** Whether a node was computed from one with the id, or may have been. */
export function comesFrom({ id, forgotten }: Node, source: number): boolean {
  return forgotten?.has(source) || (forgotten?.has(olderMark) && source < id) || false
}
