import { type DType, isFloat } from '../dtype.ts'
import { GradientError } from '../errors.ts'
import { topologicalOrder } from '../graph/order.ts'
import { type Node, Tensor } from '../graph/tensor.ts'
import { add } from '../ops/add.ts'
import { onesLike, zerosLike } from '../ops/full.ts'
import { Parameter } from '../runtime/parameter.ts'
import { formatShape } from '../shape.ts'
import { isTensorLeaf, leavesOf, type MapTree, mapTree } from '../tree.ts'

/**
 * Gradients of `y` by everything in `xs`: tensors or parameters, in arrays or objects of any depth,
 * whose form the result has. Adds nodes to the graph by ordinary ops, so gradients have gradients.
 * What `y` does not depend on has gradient zero.
 *
 * @param y A float tensor with one element.
 * @param xs Float tensors or parameters.
 * @throws GradientError if `y` has several elements, if `y` or an x is no float, or if the way from
 * `y` to an x leads through an op without a gradient.
 * @example
 * ```ts
 * import { gradients, tensor } from '@tensorweft/core'
 *
 * const w = tensor([1, 2, 3])
 * const [dw] = gradients(w.square().sum(), [w])
 * ```
 */
export function gradients<T>(y: Tensor<DType>, xs: T): MapTree<T, Tensor> {
  checkLoss(y)
  const targets = leavesOf(xs).map(({ path, leaf }) => targetOf(leaf, path))
  const byNode = backPropagate(
    y,
    targets.map((target) => target.node),
  )
  const list = targets.map((target) => byNode.get(target.node) ?? zerosLike(target))
  let next = 0
  return mapTree(xs, () => list[next++]) as MapTree<T, Tensor>
}

function targetOf(leaf: unknown, path: string): Tensor {
  const value: unknown = leaf instanceof Parameter ? leaf.value : leaf
  if (!isTensorLeaf(value) || !(value instanceof Tensor) || !isFloat(value.dtype)) {
    throw new GradientError('gradients', {
      got: value instanceof Tensor ? `a tensor of ${value.dtype}` : `${String(value)} at '${path}'`,
      wanted: 'float tensors or parameters to differentiate by',
    })
  }
  return value as Tensor
}

function checkLoss(y: Tensor<DType>): void {
  if (!isFloat(y.dtype)) {
    throw new GradientError('gradients', { got: `y is ${y.dtype}`, wanted: 'a float' })
  }
  if (y.size !== 1) {
    throw new GradientError('gradients', {
      got: `y is ${formatShape(y.shape)}`,
      wanted: 'one element',
      hint: 'take y.sum() or y.mean()',
    })
  }
}

/** Gradients of `y` by nodes, for all nodes between it and `targets`. */
function backPropagate(y: Tensor<DType>, targets: readonly Node[]): Map<Node, Tensor> {
  const order = topologicalOrder([y.node])
  const leadsToTarget = new Set(targets)
  for (const node of order) {
    if (node.inputs.some((input) => leadsToTarget.has(input))) leadsToTarget.add(node)
  }
  const found = new Map<Node, Tensor>()
  if (leadsToTarget.has(y.node)) found.set(y.node, onesLike(y) as Tensor)
  for (const node of order.reverse()) {
    const dy = found.get(node)
    if (dy === undefined || !node.inputs.some((input) => leadsToTarget.has(input))) continue
    for (const [input, dx] of inputGradients(node, dy)) {
      if (!leadsToTarget.has(input)) continue
      const sum = found.get(input)
      found.set(input, sum === undefined ? dx : add(sum, dx))
    }
  }
  return found
}

/** What the op of a node passes on to its inputs. */
function inputGradients(node: Node, dy: Tensor): [Node, Tensor][] {
  const { source } = node
  if (source.kind !== 'op') return []
  if (source.op.vjp === undefined) {
    if (!isFloat(node.dtype)) return []
    throw new GradientError('gradients', {
      got: `a path through ${source.op.name}, which has no gradient`,
      wanted: 'differentiable ops between y and the xs',
      hint: 'put stopGradient around its input if no gradient should flow there',
    })
  }
  const inputs = source.names.map((name, i) => [name, node.inputs[i]] as const)
  const tensors = inputs.flatMap(([name, input]) =>
    input === undefined ? [] : [[name, new Tensor(input)] as const],
  )
  const grads = source.op.vjp(dy, Object.fromEntries(tensors), {
    attributes: source.attributes,
    output: new Tensor(node),
  })
  return inputs.flatMap(([name, input]) => {
    const dx = grads[name]
    return input === undefined || dx === undefined ? [] : [[input, dx] as [Node, Tensor]]
  })
}
