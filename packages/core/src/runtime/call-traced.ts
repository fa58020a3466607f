import type { Backend } from '../backend.ts'
import { type DType, isFloat } from '../dtype.ts'
import { BackendError } from '../errors.ts'
import { afterwards } from '../execution/afterwards.ts'
import { claimsVersion } from '../execution/claims.ts'
import { numericsCheck } from '../execution/numerics-check.ts'
import { allocateAll, withinMemory } from '../execution/out-of-memory.ts'
import { type CompiledPlan, compiledPlanFor } from '../execution/plan-cache.ts'
import { enqueue, tellLater } from '../execution/queue.ts'
import { evaluate } from '../execution/realize.ts'
import { bringTo, viewOf } from '../execution/residence.ts'
import { sourcesOfCall } from '../execution/source-ids.ts'
import { idOf } from '../execution/versions.ts'
import type { Storage } from '../graph/storage.ts'
import { isLeaf } from '../graph/structure.ts'
import { Node, Tensor } from '../graph/tensor.ts'
import type { Plan } from '../ir/plan.ts'
import { mapTree } from '../tree.ts'
import type { ArraySource, Assignment, TracedFunction } from './traced-function.ts'

/**
 * Runs a traced function on new arguments (its tensors and numbers in order) and returns its
 * result. Parameters hold their new values as soon as the call returns; reading waits for them.
 * While the backend is still being made the call is queued like one whose inputs have to move.
 */
export function callTraced(
  traced: TracedFunction,
  args: readonly (Tensor<DType> | number)[],
  backend: Backend | Promise<Backend>,
): unknown {
  const { structure } = traced
  const inputs = traced.arrays.map((source) => inputNode(source, args))
  const scalars = traced.scalars.map((position) => Number(args[position]))
  const donors = donorsOf(traced)
  // What cannot be compiled throws here, before anything has changed.
  const known = backend instanceof Promise ? undefined : planFor(traced, donors, backend)
  const results = new Map(
    structure.outputs.map((node) => [node, new Node({ kind: 'data' }, [], node)]),
  )
  const resultOf = (node: Node) => results.get(structure.representative.get(node) ?? node) ?? node
  const replaced = traced.assignments.map((assignment) => replace(assignment, resultOf))
  const attempt = (backend: Backend) => {
    const compiled = known ?? planFor(traced, donors, backend)
    const missing = inputs.filter((node) => !isLeaf(node))
    const check = () => numericsCheck()?.(structure, inputs.map(viewOf), scalars, backend)
    return afterwards(evaluate(missing, backend), () =>
      afterwards(bringTo(backend, inputs), () =>
        afterwards(check(), () =>
          execute(compiled, inputs, scalars, structure.outputs.map(resultOf), backend),
        ),
      ),
    )
  }
  const run = (backend: Backend) => withinMemory(backend, () => attempt(backend))
  // What the program disposes of while the call waits is still needed.
  for (const node of inputs) node.lifetime.addReader()
  if (known !== undefined) known.users++
  const done = () => {
    for (const node of inputs) node.lifetime.removeReader()
    if (known !== undefined) known.users--
  }
  const job = () => finallyDo(() => afterwards(backend, run), done)
  let hasResult = false
  const restore = () => {
    for (const undo of replaced) undo()
  }
  try {
    enqueue(job, (error) => {
      restore()
      for (const node of results.values()) node.failure = error
      if (!hasResult) tellLater(error)
    })
  } catch (error) {
    restore()
    throw error
  }
  let sources: ReadonlySet<number> | undefined
  return mapTree(traced.result, (leaf) => {
    if (!(leaf instanceof Tensor)) return leaf
    hasResult = true
    const node = resultOf(leaf.node)
    if (isFloat(node.dtype)) node.forgotten = sources ??= sourcesOf(traced, inputs)
    return new Tensor<DType>(node)
  })
}

/** What gradients by results are refused for: parameters too, whatever value they have by then. */
function sourcesOf({ arrays }: TracedFunction, inputs: readonly Node[]): ReadonlySet<number> {
  const ids = sourcesOfCall(inputs)
  for (const source of arrays) if (source.from === 'parameter') ids.add(idOf(source.parameter))
  return ids
}

function inputNode(source: ArraySource, args: readonly (Tensor<DType> | number)[]): Node {
  switch (source.from) {
    case 'argument':
      return nodeOf(args[source.position])
    case 'parameter':
      return source.parameter.node
    case 'closure':
      return source.node
  }
}

function nodeOf(value: Tensor<DType> | number | undefined): Node {
  if (value instanceof Tensor) return value.node
  throw new Error('an argument is no tensor')
}

/** What a call would run now. */
export function compiledPlanOf(traced: TracedFunction, backend: Backend): CompiledPlan {
  return planFor(traced, donorsOf(traced), backend)
}

/** The assignments that can happen in place, because no tensor of the program shares the value. */
function donorsOf(traced: TracedFunction): readonly Assignment[] {
  return traced.assignments.filter(
    ({ parameter, before }) => before !== undefined && !parameter.isShared,
  )
}

/** The plan that updates the donors in place. */
function planFor(
  traced: TracedFunction,
  donors: readonly Assignment[],
  backend: Backend,
): CompiledPlan {
  const indices = donors.map((assignment) => traced.assignments.indexOf(assignment))
  const key = `${claimsVersion()} ${indices.join()}`
  const plans = traced.plans.get(backend) ?? new Map<string, CompiledPlan>()
  traced.plans.set(backend, plans)
  const known = plans.get(key)
  if (known !== undefined && !known.isDisposed) return known
  const wishes = donors.flatMap(({ output, before }) =>
    before === undefined ? [] : { output, input: before },
  )
  const made = compiledPlanFor(traced.structure, backend, wishes)
  plans.set(key, made)
  return made
}

/** The node whose place a result took as the value of a parameter. */
const replacedNodes = new WeakMap<Node, Node>()

/** Gives a parameter its new node; the answer undoes that. */
function replace({ parameter, output }: Assignment, resultOf: (node: Node) => Node): () => void {
  const before = parameter.node
  const after = resultOf(output)
  replacedNodes.set(after, before)
  parameter.replaceNode(after, false)
  return () => {
    if (parameter.node === after) parameter.replaceNode(lastIntact(before), true)
  }
}

/** The latest value that no failed call was to make. */
function lastIntact(node: Node): Node {
  const before = replacedNodes.get(node)
  return node.failure === undefined || before === undefined ? node : lastIntact(before)
}

/**
 * Allocates, runs, and hands the buffers over. Until the run begins nothing has changed; if it
 * breaks off, the values that it was to overwrite are lost and say so.
 */
function execute(
  { plan, executable }: CompiledPlan,
  inputs: readonly Node[],
  scalars: readonly number[],
  outputs: readonly Node[],
  backend: Backend,
): void | Promise<void> {
  const inputViews = inputs.map(viewOf)
  const donors = plan.outputs.flatMap(({ donated }) =>
    donated === undefined ? [] : nodeAt(inputs, donated),
  )
  const storages = storagesFor(plan, inputs, outputs, backend)
  const outputViews = storages.flatMap((storage) => storage.view ?? [])
  const fail = (error: unknown) => {
    storages.forEach((storage, i) => {
      if (plan.outputs[i]?.donated === undefined) storage.free()
    })
    throw error
  }
  const handOver = () => {
    for (const node of donors) node.storage = undefined
    outputs.forEach((node, i) => {
      node.storage = storages[i]
      // Until now a failure would have brought the former value back.
      replacedNodes.get(node)?.lifetime.end()
      replacedNodes.delete(node)
      node.lifetime.review()
    })
  }
  let begun: void | Promise<void>
  try {
    begun = executable.run(inputViews, outputViews, scalars)
  } catch (error) {
    for (const node of donors) node.failure = lostValue(backend, error)
    return fail(error)
  }
  return afterwards(begun, handOver, fail)
}

/** A storage for each output, all or none; that of the input where it is written in place. */
function storagesFor(
  plan: Plan,
  inputs: readonly Node[],
  outputs: readonly Node[],
  backend: Backend,
): Storage[] {
  const isFresh = (_: Node, i: number) => plan.outputs[i]?.donated === undefined
  const fresh = allocateAll(outputs.filter(isFresh), backend)
  return outputs.flatMap((_, i) => {
    const donated = plan.outputs[i]?.donated
    return donated === undefined ? (fresh.shift() ?? []) : storageOf(nodeAt(inputs, donated))
  })
}

function lostValue(backend: Backend, cause: unknown): BackendError {
  return new BackendError(backend.name, {
    got: 'a step that failed while it updated this value in place, which is lost',
    hint: 'assign the parameter again, for example from a checkpoint',
    cause,
  })
}

function nodeAt(nodes: readonly Node[], i: number): Node {
  const node = nodes[i]
  if (node === undefined) throw new Error(`a plan has no node ${i}`)
  return node
}

function storageOf(node: Node): Storage {
  if (node.storage === undefined) throw new Error('a donated input has no buffer')
  return node.storage
}

function finallyDo(job: () => void | Promise<void>, end: () => void): void | Promise<void> {
  let running: void | Promise<void>
  try {
    running = job()
  } catch (error) {
    end()
    throw error
  }
  if (running === undefined) return end()
  return running.finally(end)
}
