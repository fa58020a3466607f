import type { Backend } from '../backend.ts'
import type { DType } from '../dtype.ts'
import { Storage } from '../graph/storage.ts'
import { isLeaf } from '../graph/structure.ts'
import { Node, Tensor } from '../graph/tensor.ts'
import type { Plan } from '../ir/plan.ts'
import { mapTree } from '../tree.ts'
import { type CompiledPlan, compiledPlanFor } from './plan-cache.ts'
import { enqueue } from './queue.ts'
import { evaluate } from './realize.ts'
import { bringTo, nodeByteLength, viewOf } from './residence.ts'
import type { ArraySource, Assignment, TracedFunction } from './traced-function.ts'

/**
 * Runs a traced function on new arguments (its tensors and numbers in order) and returns its
 * result. Parameters hold their new values as soon as the call returns; reading waits for them.
 */
export function callTraced(
  traced: TracedFunction,
  args: readonly (Tensor<DType> | number)[],
  backend: Backend,
): unknown {
  const { structure } = traced
  const inputs = traced.arrays.map((source) => inputNode(source, args))
  const scalars = traced.scalars.map((position) => Number(args[position]))
  const compiled = planFor(traced, backend)
  const results = new Map(
    structure.outputs.map((node) => [node, new Node({ kind: 'data' }, [], node)]),
  )
  const resultOf = (node: Node) => results.get(structure.representative.get(node) ?? node) ?? node
  const replaced = traced.assignments.map((assignment) => replace(assignment, resultOf))
  const job = () => {
    const missing = inputs.filter((node) => !isLeaf(node))
    return afterwards(evaluate(missing, backend), () =>
      afterwards(bringTo(backend, inputs), () =>
        execute(compiled, inputs, scalars, structure.outputs.map(resultOf), backend),
      ),
    )
  }
  const restore = () => {
    for (const undo of replaced) undo()
  }
  try {
    enqueue(job, (error) => {
      restore()
      for (const node of results.values()) node.failure = error
    })
  } catch (error) {
    restore()
    throw error
  }
  return mapTree(traced.result, (leaf) =>
    leaf instanceof Tensor ? new Tensor<DType>(resultOf(leaf.node)) : leaf,
  )
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
  throw new Error('an argument that was a tensor when the function was traced is none now')
}

/** The plan that a call would run now. */
export function planOf(traced: TracedFunction, backend: Backend): Plan {
  return planFor(traced, backend).plan
}

/** The plan that updates in place whatever no tensor of the program shares. */
function planFor(traced: TracedFunction, backend: Backend): CompiledPlan {
  const donors = traced.assignments.filter(
    ({ parameter, before }) => before !== undefined && !parameter.isShared,
  )
  const key = donors.map((assignment) => traced.assignments.indexOf(assignment)).join()
  const plans = traced.plans.get(backend) ?? new Map<string, CompiledPlan>()
  traced.plans.set(backend, plans)
  const known = plans.get(key)
  if (known !== undefined) return known
  const wishes = donors.flatMap(({ output, before }) =>
    before === undefined ? [] : { output, input: before },
  )
  const made = compiledPlanFor(traced.structure, backend, wishes)
  plans.set(key, made)
  return made
}

/** Gives a parameter its new node; the answer undoes that. */
function replace({ parameter, output }: Assignment, resultOf: (node: Node) => Node): () => void {
  const before = parameter.node
  const after = resultOf(output)
  after.isPinned = true
  parameter.replaceNode(after, false)
  return () => {
    if (parameter.node === after) parameter.replaceNode(before, true)
  }
}

function execute(
  { plan, executable }: CompiledPlan,
  inputs: readonly Node[],
  scalars: readonly number[],
  outputs: readonly Node[],
  backend: Backend,
): void {
  const inputViews = inputs.map(viewOf)
  const storages = plan.outputs.map(({ donated }, i) => {
    const node = outputs[i]
    if (node === undefined) throw new Error('a plan has more outputs than its graph')
    if (donated === undefined) return new Storage(backend, nodeByteLength(node))
    return takeStorage(inputs[donated])
  })
  executable.run(
    inputViews,
    storages.flatMap((storage) => storage.view ?? []),
    scalars,
  )
  outputs.forEach((node, i) => {
    node.storage = storages[i]
  })
}

/** The buffer of an input whose value is overwritten. */
function takeStorage(node: Node | undefined): Storage {
  const storage = node?.storage
  if (node === undefined || storage === undefined) throw new Error('a donated input has no buffer')
  node.storage = undefined
  return storage
}

function afterwards(first: void | Promise<void>, next: () => void | Promise<void>) {
  return first === undefined ? next() : first.then(next)
}
