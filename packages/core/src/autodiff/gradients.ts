import { type DType, isFloat } from '../dtype.ts'
import { GradientError } from '../errors.ts'
import { comesFrom, compiledMark } from '../execution/source-ids.ts'
import { idOf, isVersionOf } from '../execution/versions.ts'
import { topologicalOrder } from '../graph/order.ts'
import { type Node, Tensor } from '../graph/tensor.ts'
import { checkTensor } from '../ops/check-tensor.ts'
import { full, onesLike } from '../ops/full.ts'
import { isStopped } from '../ops/stop-gradient.ts'
import { Parameter } from '../runtime/parameter.ts'
import { formatShape } from '../shape.ts'
import { leavesOf, mapTree, type TensorsLike } from '../tree.ts'
import { type BackPropagation, backPropagate } from './back-propagate.ts'

/**
 * Gradients of `y` by everything in `xs`: tensors or parameters, in arrays or objects of any depth,
 * whose form the result has. Adds nodes to the graph by ordinary ops, so gradients have gradients.
 * What `y` does not depend on has gradient zero. A parameter stands for the value that it has now
 * or, where `y` was computed before it was assigned, for the one that it had then.
 *
 * @param y A float tensor with one element.
 * @param xs Float tensors or parameters.
 * @throws GradientError if `y` has several elements, if `y` or an x is no float, if the way from
 * `y` to an x leads through an op without a gradient, if all ways to the xs lead through integers
 * or bools, and if `y` was computed from several earlier values of a parameter,
 * and if the way leads through a result of a compiled function.
 * @example
 * ```ts
 * import { gradients, tensor } from '@tensorweft/core'
 *
 * const w = tensor([1, 2, 3])
 * const [dw] = gradients(w.square().sum(), [w])
 * ```
 */
export function gradients<T>(y: Tensor<DType>, xs: T): TensorsLike<T> {
  checkLoss(y)
  const history = new Set(topologicalOrder([y.node]))
  const targets = leavesOf(xs).map(({ path, leaf }) => targetOf(leaf, path, history))
  const ids = leavesOf(xs).flatMap(({ leaf }, i) => {
    const id = targets[i]?.id ?? -1
    // Steps may have given it other values since.
    return leaf instanceof Parameter && !history.has(leaf.version) ? [id, idOf(leaf)] : id
  })
  checkRemembered(y, history, ids, new Set(targets))
  const back = backPropagate(y.node, onesLike(y) as Tensor, targets)
  const list = targets.map((target) => back.gradients.get(target))
  if (list.every((dx) => dx === undefined)) checkWays(history, back, new Set(targets))
  let next = 0
  return mapTree(xs, () => {
    const [dx, target] = [list[next], targets[next]]
    next++
    if (dx === undefined) return full(target?.shape ?? [], 0, target?.dtype)
    derived.add(dx.node)
    return dx
  }) as TensorsLike<T>
}

/** Gradients that were given out: what depends on one is of a higher order. */
const derived = new WeakSet<Node>()

function targetOf(leaf: unknown, path: string, history: ReadonlySet<Node>): Node {
  const node = leaf instanceof Parameter ? versionIn(history, leaf) : nodeOf(leaf)
  if (node !== undefined && isFloat(node.dtype)) return node
  throw new GradientError('gradients', {
    got: node !== undefined ? `a tensor of ${node.dtype}` : `${String(leaf)} at '${path}'`,
    wanted: 'float tensors or parameters to differentiate by',
  })
}

function nodeOf(leaf: unknown): Node | undefined {
  return leaf instanceof Tensor ? leaf.node : undefined
}

/** The value of a parameter that a graph was made with. */
function versionIn(history: ReadonlySet<Node>, parameter: Parameter<DType>): Node {
  const now = parameter.version
  if (history.has(now)) return now
  const [earlier, ...others] = [...history].filter((node) => isVersionOf(node, parameter))
  if (others.length > 0) {
    throw new GradientError('gradients', {
      got: `y was computed from ${others.length + 1} earlier values of ${parameter.name}`,
      wanted: 'one of them',
      hint: 'keep the tensor that you mean, `const w = parameter.value`, and differentiate by it',
    })
  }
  return earlier ?? now
}

function checkLoss(y: Tensor<DType>): void {
  checkTensor('gradients', 'y', y)
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

/** Where no history is, as behind a compiled function, gradients would be zeros. */
function checkRemembered(
  y: Tensor<DType>,
  history: ReadonlySet<Node>,
  ids: readonly number[],
  targets: ReadonlySet<Node>,
): void {
  const cut = [...history].filter((node) => ids.some((id) => comesFrom(node, id)))
  if (cut.length === 0) return
  const { gradients } = backPropagate(y.node, onesLike(y) as Tensor, cut, targets)
  const lost = cut.find((node) => gradients.has(node))
  if (lost === undefined) return
  const [why, advice] = lost.forgotten?.has(compiledMark)
    ? ['which is a result of a compiled function', 'take the gradient inside of compile']
    : [
        'whose history was let go after 2000 reads, or 256 MiB of their values',
        'compile the body of the loop, read less often',
      ]
  throw new GradientError('gradients', {
    got: `a value ${lost.dtype} ${formatShape(lost.shape)} between y and an x, ${why}`,
    hint: `${advice}, or cut the way with stopGradient if no gradient should go that far back`,
  })
}

/**
 * Throws if the xs are there, but out of reach. The zeros would be right, but hardly what was
 * wanted; only derivatives of derivatives, of ReLU for example, end in comparisons by nature.
 */
function checkWays(
  history: ReadonlySet<Node>,
  { deadEnds, isStopped: isMeant }: BackPropagation,
  targets: ReadonlySet<Node>,
): void {
  if (isMeant || [...history].some((node) => derived.has(node))) return
  const leads = (end: Node) => topologicalOrder([end], isStopped).some((node) => targets.has(node))
  const end = deadEnds.find(leads)
  if (end === undefined) return
  const name = end.source.kind === 'op' ? end.source.op.name : end.source.kind
  throw new GradientError('gradients', {
    got: `y depends on the xs only through ${end.dtype} values, such as that of ${name}`,
    wanted: 'a way from y to the xs through floats',
    hint:
      'differentiate a smooth loss rather than a count or an accuracy, or use stopGradient if ' +
      'zeros are meant',
  })
}
