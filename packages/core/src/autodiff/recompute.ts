import type { DType } from '../dtype.ts'
import { GradientError } from '../errors.ts'
import { isVersion } from '../execution/versions.ts'
import { topologicalOrder } from '../graph/order.ts'
import { isLeaf } from '../graph/structure.ts'
import { Node, releaseTensor, Tensor } from '../graph/tensor.ts'
import { defineOp } from '../ops/define-op.ts'
import { formatShape } from '../shape.ts'
import { mapTree } from '../tree.ts'
import { backPropagate, noteDeadEnds } from './back-propagate.ts'
import { ruleOf, setRule } from './rules.ts'

/**
 * `fn`, whose inner values are not kept for gradients but computed once more when those need them:
 * memory for time. Values and gradients are the same. A deep model of which each block is
 * recomputed needs memory for the blocks' results and the inside of one block.
 *
 * @param fn A function of tensors and anything else that gives a tensor, or an array or object of
 * tensors. It may use tensors and parameters from outside, and gradients reach them.
 * @throws GradientError when gradients are taken by a tensor that was computed inside of `fn`.
 * @example
 * ```ts
 * import { gradients, ones, recompute, type Tensor, tensor } from '@tensorweft/core'
 *
 * const block = recompute((x: Tensor, w: Tensor) => x.matmul(w).tanh().matmul(w).tanh())
 * const w = tensor([[0.1, 0.2], [0.3, 0.4]])
 * const [dw] = gradients(block(block(ones([8, 2]), w), w).sum(), [w])
 * ```
 */
export function recompute<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
): (...args: A) => R {
  return (...args) => {
    const before = new Node({ kind: 'placeholder' }, [], { shape: [], dtype: 'bool' })
    const isOutside = (node: Node) => node.id < before.id || isLeaf(node) || isVersion(node)
    const region = {}
    return mapTree(fn(...args), (leaf) =>
      leaf instanceof Tensor && !isOutside(leaf.node) ? wrapped(leaf, isOutside, region) : leaf,
    ) as R
  }
}

/** Which results were computed by one call: what they have in common is computed again once. */
const regions = new WeakMap<Node, object>()

function wrapped(
  result: Tensor<DType>,
  isOutside: (node: Node) => boolean,
  region: object,
): Tensor<DType> {
  const outside = topologicalOrder([result.node], isOutside).filter(isOutside)
  const inputs = outside.map((node) => new Tensor<DType>(node))
  const named = Object.fromEntries(inputs.map((tensor, i) => [`input${i}`, tensor]))
  const output = recomputeOp.apply<DType>({ result, ...named }, {})
  inputs.forEach(releaseTensor)
  regions.set(output.node, region)
  return output
}

const recomputeOp = defineOp<'result', Record<never, never>>({
  name: 'recompute',
  infer: ({ result }) => result,
  lower: ({ result }, { at }) => result.at(...at),
  vjp: (dy, inputs, { output, by, onTheWay }) => {
    const { result, ...outside } = inputs
    const names = Object.entries<Tensor>(outside)
    const nodes = names.map(([, { node }]) => node)
    checkOutside(result.node, nodes, by)
    const copies = copiesFor(by, regions.get(output.node) ?? {})
    const copy = copyRegion(result.node, nodes, dy, copies)
    const wanted = names.flatMap(([name, { node }]) => {
      const inner = onTheWay.has(node) ? copies.get(node) : undefined
      return inner === undefined ? [] : [{ name, inner }]
    })
    const targets = wanted.map(({ inner }) => inner)
    const back = backPropagate(copy, dy, targets)
    noteDeadEnds(output.node, back)
    return Object.fromEntries(wanted.map(({ name, inner }) => [name, back.gradients.get(inner)]))
  },
})

/** What is inside is written once more, so there is no gradient by the first of it. */
function checkOutside(result: Node, nodes: readonly Node[], by: ReadonlySet<Node>): void {
  const outside = new Set(nodes)
  const inside = topologicalOrder([result], (node) => outside.has(node))
  const missed = inside.find((node) => by.has(node) && !outside.has(node))
  if (missed === undefined) return
  throw new GradientError('recompute', {
    got: `a gradient by a tensor ${formatShape(missed.shape)} that was made inside of the function`,
    wanted: 'gradients by what comes from outside, or is returned',
  })
}

/**
 * A value that is the same and yet no common subexpression, and that is there only after another:
 * what is computed from it is computed late and again.
 */
const lateOp = defineOp<'x' | 'after', Record<never, never>>({
  name: 'late',
  infer: ({ x }) => x,
  lower: ({ x }, { at }) => x.at(...at),
  vjp: (dy) => ({ x: dy }),
})

/** Copies of the nodes of a region, for one walk back. */
const copiesOfWalk = new WeakMap<ReadonlySet<Node>, Map<object, Map<Node, Node>>>()

function copiesFor(walk: ReadonlySet<Node>, region: object): Map<Node, Node> {
  const ofWalk = copiesOfWalk.get(walk) ?? new Map<object, Map<Node, Node>>()
  copiesOfWalk.set(walk, ofWalk)
  const known = ofWalk.get(region) ?? new Map<Node, Node>()
  ofWalk.set(region, known)
  return known
}

/** Writes the nodes from `outside` to `result` once more. */
function copyRegion(
  result: Node,
  outside: readonly Node[],
  after: Tensor,
  copies: Map<Node, Node>,
): Node {
  const isOutside = new Set(outside)
  const nodes = topologicalOrder([result], (node) => isOutside.has(node))
  for (const node of nodes) {
    if (copies.has(node)) continue
    copies.set(node, isOutside.has(node) ? lateCopy(node, after) : copyOf(node, copies))
  }
  return copies.get(result) ?? result
}

function lateCopy(node: Node, after: Tensor): Node {
  const x = new Tensor<DType>(node)
  const copy = lateOp.apply({ x, after }, {}).node
  releaseTensor(x)
  return copy
}

function copyOf(node: Node, copies: ReadonlyMap<Node, Node>): Node {
  // Read in the meantime, and nothing to differentiate by lies behind it.
  if (node.source.kind !== 'op') return node
  const inputs = node.inputs.map((input) => copies.get(input) ?? input)
  const copy = new Node(node.source, inputs, node)
  const rule = ruleOf(node)
  if (rule !== undefined) setRule(copy, rule)
  const region = regions.get(node)
  if (region !== undefined) regions.set(copy, region)
  return copy
}
