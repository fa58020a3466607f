import type { Node } from './tensor.ts'

/**
 * Nodes in an order in which inputs come first; nodes that `isLeaf` accepts are listed but not
 * entered. Iterative, because graphs of long loops are deeper than the call stack.
 */
export function topologicalOrder(
  roots: readonly Node[],
  isLeaf: (node: Node) => boolean = () => false,
): Node[] {
  const order: Node[] = []
  const state = new Map<Node, 'open' | 'done'>()
  const stack = [...roots].reverse()
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const known = state.get(node)
    if (known === undefined) {
      state.set(node, 'open')
      const inputs = isLeaf(node) ? [] : node.inputs
      stack.push(...inputs.filter((input) => !state.has(input)).reverse())
    } else {
      stack.pop()
      if (known === 'open') order.push(node)
      state.set(node, 'done')
    }
  }
  return order
}
