import type { Node } from '../graph/tensor.ts'
import type { Cell } from './trace.ts'

const cells = new WeakMap<Node, Cell>()

/** Notes that `node` is, or was, what `cell` holds. */
export function noteVersion(node: Node, cell: Cell): void {
  cells.set(node, cell)
}

/** Whether `node` is, or was, what `cell` holds. */
export function isVersionOf(node: Node, cell: Cell): boolean {
  return cells.get(node) === cell
}
