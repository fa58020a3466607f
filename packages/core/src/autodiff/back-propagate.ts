import { isFloat } from '../dtype.ts'
import { GradientError } from '../errors.ts'
import { topologicalOrder } from '../graph/order.ts'
import { type Node, releaseTensor, Tensor } from '../graph/tensor.ts'
import { add } from '../ops/add.ts'

/** What came back from going through a graph from its end. */
export interface BackPropagation {
  /** Gradients by the nodes between the end and the targets. */
  readonly gradients: ReadonlyMap<Node, Tensor>
  /** Nodes that have no gradient for want of floats, through which a target was to be reached. */
  readonly deadEnds: readonly Node[]
  /** Whether a rule gives nothing to an input through which a target was to be reached. */
  readonly isStopped: boolean
}

const innerDeadEnds = new WeakMap<Node, readonly Node[]>()

/** Notes, for a rule that goes back on its own, that it gave nothing for want of floats. */
export function noteDeadEnds(node: Node, { deadEnds, isStopped }: BackPropagation): void {
  if (isStopped || deadEnds.length === 0) innerDeadEnds.delete(node)
  else innerDeadEnds.set(node, deadEnds)
}

/** Carries `dy`, the gradient by `y`, back to `targets`, by ordinary ops, `by` for their rules. */
export function backPropagate(
  y: Node,
  dy: Tensor,
  targets: readonly Node[],
  by: ReadonlySet<Node> = new Set(targets),
): BackPropagation {
  const order = topologicalOrder([y])
  const leadsToTarget = new Set(targets)
  for (const node of order) {
    if (node.inputs.some((input) => leadsToTarget.has(input))) leadsToTarget.add(node)
  }
  const found = new Map<Node, Tensor>()
  const deadEnds = new Set<Node>()
  let isStopped = false
  if (leadsToTarget.has(y)) found.set(y, dy)
  for (const node of order.reverse()) {
    const dNode = found.get(node)
    const ways = node.inputs.filter((input) => leadsToTarget.has(input))
    if (dNode === undefined || ways.length === 0) continue
    if (!isFloat(node.dtype)) {
      deadEnds.add(node)
      continue
    }
    for (const [input, dx] of inputGradients(node, dNode, by, leadsToTarget)) {
      if (!leadsToTarget.has(input)) continue
      const sum = found.get(input)
      found.set(input, sum === undefined ? dx : add(sum, dx))
    }
    for (const input of ways) {
      if (!isFloat(input.dtype)) deadEnds.add(input)
      else if (!found.has(input)) {
        const inner = innerDeadEnds.get(node)
        if (inner === undefined) isStopped = true
        for (const end of inner ?? []) deadEnds.add(end)
      }
    }
  }
  return { gradients: found, deadEnds: [...deadEnds], isStopped }
}

/** What the op of a node passes on to its inputs. */
function inputGradients(
  node: Node,
  dy: Tensor,
  by: ReadonlySet<Node>,
  onTheWay: ReadonlySet<Node>,
): [Node, Tensor][] {
  const { source } = node
  if (source.kind !== 'op') return []
  if (source.op.vjp === undefined) {
    throw new GradientError('gradients', {
      got: `a path through ${source.op.name}, which has no gradient`,
      wanted: 'differentiable ops between y and the xs',
      hint: 'put stopGradient around its input if no gradient should flow there',
    })
  }
  const output = new Tensor(node)
  const inputs = node.inputs.map((input) => new Tensor(input))
  const named = Object.fromEntries(source.names.map((name, i) => [name, inputs[i]]))
  const context = { attributes: source.attributes, output, by, onTheWay }
  const grads = source.op.vjp(dy, named as Record<string, Tensor>, context)
  const passed = new Set(Object.values(grads))
  for (const tensor of [output, ...inputs]) {
    // They are the rule's alone, unless it passes one on.
    if (!passed.has(tensor)) releaseTensor(tensor)
  }
  return source.names.flatMap((name, i) => {
    const [input, dx] = [node.inputs[i], grads[name]]
    return input === undefined || dx === undefined ? [] : [[input, dx] as [Node, Tensor]]
  })
}
