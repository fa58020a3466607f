import type { Backend } from '../backend.ts'
import type { DType } from '../dtype.ts'
import { topologicalOrder } from '../graph/order.ts'
import { withOrigin } from '../graph/origin.ts'
import { inSameScope } from '../graph/scope.ts'
import type { Storage } from '../graph/storage.ts'
import { type GraphStructure, isLeaf, structureOf } from '../graph/structure.ts'
import type { Node, Tensor } from '../graph/tensor.ts'
import { afterwards } from './afterwards.ts'
import { letOthersRun } from './collect.ts'
import { backendToUse } from './current-backend.ts'
import { keepHistory } from './history.ts'
import { valuesToKeep } from './keep-repeated.ts'
import { numericsCheck } from './numerics-check.ts'
import { allocateAll, withinMemory } from './out-of-memory.ts'
import { type CompiledPlan, compiledPlanFor } from './plan-cache.ts'
import { drained, enqueue } from './queue.ts'
import { bringTo, viewOf } from './residence.ts'
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
export function realize(...tensors: readonly Tensor<DType>[]): Promise<void> {
  assertNotTracing('realize')
  return inSameScope(realizeTensors(tensors))
}

async function realizeTensors(tensors: readonly Tensor<DType>[]): Promise<void> {
  const nodes = tensors.map((tensor) => tensor.node)
  for (const node of nodes) node.lifetime.addReader()
  try {
    await realizeNodes(nodes, backendToUse())
    await letOthersRun()
  } finally {
    for (const node of nodes) node.lifetime.removeReader()
  }
}

/** Computes nodes and waits until everything before them has been enqueued too. */
export async function realizeNodes(
  nodes: readonly Node[],
  backend: Backend | Promise<Backend>,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined
  const job = (made: Backend) => withinMemory(made, () => evaluate(nodes, made))
  enqueue(
    () => (backend instanceof Promise ? backend.then(job) : job(backend)),
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
  const unknown = nodes.filter((node) => !isLeaf(node))
  const order = topologicalOrder(unknown, isLeaf)
  // Values of parameters on the way are kept too, so that a loop that assigns them and reads only
  // its loss does not compute every step again.
  const versions = order.filter((node) => node.endsHistory && !isLeaf(node))
  const pending = [...new Set([...unknown, ...versions, ...valuesToKeep(order, backend)])]
  const structure = structureOf(pending)
  const run = () => {
    for (const node of nodes) if (node.hostData !== undefined) bringTo(backend, [node])
    if (structure.outputs.length === 0) return
    const settle = () => {
      for (const node of pending) {
        if (isLeaf(node)) continue
        node.settle(structure.representative.get(node)?.storage?.share())
      }
      keepHistory(pending, order)
    }
    return afterwards(runPlan(structure, backend), settle)
  }
  const moved = bringTo(backend, structure.arrays)
  const check = numericsCheck()
  if (check === undefined) return afterwards(moved, run)
  return Promise.resolve(moved)
    .then(() => check(structure, structure.arrays.map(viewOf), numbersOf(structure), backend))
    .then(run)
}

/** Computes the outputs of a structure whose arrays are there, and keeps their values. */
function runPlan(structure: GraphStructure, backend: Backend): void | Promise<void> {
  const compiled = compiledPlan(structure, backend)
  compiled.users++
  let outputs: Storage[] = []
  const settle = () => {
    compiled.users--
    structure.outputs.forEach((node, i) => {
      node.settle(outputs[i])
    })
  }
  const fail = (error: unknown) => {
    compiled.users--
    for (const storage of outputs) storage.free()
    throw withOrigin(error, structure.outputs)
  }
  let begun: void | Promise<void>
  try {
    outputs = allocateAll(structure.outputs, backend)
    begun = compiled.executable.run(
      structure.arrays.map(viewOf),
      outputs.flatMap((storage) => storage.view ?? []),
      numbersOf(structure),
    )
  } catch (error) {
    return fail(error)
  }
  return afterwards(begun, settle, fail)
}

function compiledPlan(structure: GraphStructure, backend: Backend): CompiledPlan {
  try {
    return compiledPlanFor(structure, backend)
  } catch (error) {
    throw withOrigin(error, structure.outputs)
  }
}

function numbersOf({ numbers }: GraphStructure): number[] {
  return numbers.map(({ source }) => (source.kind === 'number' ? source.value : Number.NaN))
}
