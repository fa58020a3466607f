import type { Node } from '../graph/tensor.ts'
import { backendIfThere } from './current-backend.ts'
import { withinMemory } from './out-of-memory.ts'
import { enqueue } from './queue.ts'
import { evaluate } from './realize.ts'
import { currentTrace } from './trace.ts'

/** Ops that may wait one behind the other before they are computed unasked. */
const maxPendingDepth = 2000

/**
 * Keeps loops that never read from growing a graph without end: computes a node that has too many
 * pending ones below it. What fails here fails again, and says so, when something is read.
 */
export function keepBounded(node: Node): void {
  if (node.pendingDepth <= maxPendingDepth || currentTrace() !== undefined) return
  const backend = backendIfThere()
  if (backend === undefined) return
  const ignored = () => undefined
  try {
    enqueue(() => withinMemory(backend, () => evaluate([node], backend)), ignored)
  } catch {
    ignored()
  }
}
