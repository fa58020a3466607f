import type { Node } from '../graph/tensor.ts'
import type { Cell } from './cell.ts'

const cells = new WeakMap<Node, Cell>()

const firstIds = new WeakMap<Cell, number>()

/** Notes that `node` is, or was, what `cell` holds. */
export function noteVersion(node: Node, cell: Cell): void {
  cells.set(node, cell)
  if (!firstIds.has(cell)) firstIds.set(cell, node.id)
}

/** The id of the first node that `cell` held, which stands for the cell itself. */
export function idOf(cell: Cell): number {
  return firstIds.get(cell) ?? -1
}

/** Whether `node` is, or was, the value of a parameter. */
export function isVersion(node: Node): boolean {
  return cells.has(node)
}

/** Whether `node` is, or was, what `cell` holds. */
export function isVersionOf(node: Node, cell: Cell): boolean {
  return cells.get(node) === cell
}
