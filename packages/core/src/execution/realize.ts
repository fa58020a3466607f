import type { Backend } from '../backend.ts'
import type { DType } from '../dtype.ts'
import { topologicalOrder } from '../graph/order.ts'
import { Storage } from '../graph/storage.ts'
import { isLeaf, structureOf } from '../graph/structure.ts'
import type { Node, Tensor } from '../graph/tensor.ts'
import { backendToUse } from './current-backend.ts'
import { compiledPlanFor } from './plan-cache.ts'
import { drained, enqueue } from './queue.ts'
import { bringTo, nodeByteLength, viewOf } from './residence.ts'
import { assertNotTracing } from './trace.ts'

/**
 * Computes tensors together, in one plan, and keeps their values.
 *
 * @example
 * ```ts
 * const x = tensor([1, 2, 3])
 * const [total, greatest] = [x.sum(), x.max()]
 * await realize(total, greatest)
 * ```
 */
export async function realize(...tensors: readonly Tensor<DType>[]): Promise<void> {
  assertNotTracing('realize')
  await realizeNodes(
    tensors.map((tensor) => tensor.node),
    backendToUse(),
  )
}

/** Computes nodes and waits until everything before them has been enqueued too. */
export async function realizeNodes(
  nodes: readonly Node[],
  backend: Backend | Promise<Backend>,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined
  enqueue(
    () =>
      backend instanceof Promise
        ? backend.then((made) => evaluate(nodes, made))
        : evaluate(nodes, backend),
    (error) => {
      failure = { error }
    },
  )
  await drained()
  for (const node of nodes) if (node.failure !== undefined) throw node.failure
  if (failure !== undefined) throw failure.error
}

/** Computes what of `nodes` is not known yet. Asynchronous only if a value has to move. */
export function evaluate(nodes: readonly Node[], backend: Backend): void | Promise<void> {
  const pending = withPendingVersions(nodes.filter((node) => !isLeaf(node)))
  const structure = structureOf(pending)
  const run = () => {
    for (const node of nodes) if (node.hostData !== undefined) bringTo(backend, [node])
    if (structure.outputs.length === 0) return
    const { executable } = compiledPlanFor(structure, backend)
    const outputs = structure.outputs.map((node) => new Storage(backend, nodeByteLength(node)))
    executable.run(
      structure.arrays.map(viewOf),
      outputs.flatMap((storage) => storage.view ?? []),
      structure.numbers.map(numberOf),
    )
    structure.outputs.forEach((node, i) => {
      node.settle(outputs[i])
    })
    for (const node of pending) {
      if (isLeaf(node)) continue
      node.settle(structure.representative.get(node)?.storage?.share())
    }
  }
  const moved = bringTo(backend, structure.arrays)
  return moved === undefined ? run() : moved.then(run)
}

/**
 * Values of parameters on the way are kept too, so that a loop that assigns them and reads only its
 * loss does not compute every step again.
 */
function withPendingVersions(nodes: readonly Node[]): Node[] {
  const versions = topologicalOrder(nodes, isLeaf).filter(
    (node) => node.endsHistory && !isLeaf(node),
  )
  return [...new Set([...nodes, ...versions])]
}

function numberOf(node: Node): number {
  return node.source.kind === 'number' ? node.source.value : Number.NaN
}
