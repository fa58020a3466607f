import type { Backend } from '../backend.ts'
import type { DType } from '../dtype.ts'
import { TraceError } from '../errors.ts'
import type { CompiledPlan } from '../execution/plan-cache.ts'
import { createPlaceholder, recordTrace, Trace } from '../execution/trace.ts'
import { type GraphStructure, isLeaf, structureOf } from '../graph/structure.ts'
import { Node, Tensor } from '../graph/tensor.ts'
import { identity } from '../ops/identity.ts'
import { leavesOf, mapTree } from '../tree.ts'
import { Parameter } from './parameter.ts'

/** Where an array that the plan reads comes from at each call. */
export type ArraySource =
  | { readonly from: 'argument'; readonly position: number }
  | { readonly from: 'parameter'; readonly parameter: Parameter<DType> }
  | { readonly from: 'closure'; readonly node: Node }

/** A parameter that the function assigns, and the output that becomes its value. */
export interface Assignment {
  readonly parameter: Parameter<DType>
  readonly output: Node
  /** Stands for the value before the call, if the function reads it. */
  readonly before: Node | undefined
}

/** What running a function once with stand-ins for its arguments has shown. */
export interface TracedFunction {
  readonly structure: GraphStructure
  readonly arrays: readonly ArraySource[]
  /** Positions of the arguments that are the plan's scalars. */
  readonly scalars: readonly number[]
  readonly assignments: readonly Assignment[]
  /** What the function returned, with tensors of the trace in it. */
  readonly result: unknown
  /** Compiled plans by backend and by the parameters that are updated in place. */
  readonly plans: WeakMap<Backend, Map<string, CompiledPlan>>
}

/** Runs `fn` once on stand-ins for the tensors and numbers in `args`, recording what it does. */
export function traceFunction(
  fn: (args: readonly unknown[]) => unknown,
  args: readonly unknown[],
): TracedFunction {
  const trace = new Trace()
  const positions = new Map<Node, number>()
  const standIns = mapTree(args, (leaf) => {
    const standIn = standInFor(leaf)
    if (standIn === undefined) return leaf
    positions.set(standIn, positions.size)
    return new Tensor<DType>(standIn)
  })
  // Ops that ran before the trace began are constants of the closure: computed once, not per call.
  const firstId = createPlaceholder({ shape: [], dtype: 'float32' }).id
  const isGiven = (node: Node) => isLeaf(node) || node.id < firstId
  return recordTrace(trace, () => {
    const result = mapTree(fn(Array.isArray(standIns) ? standIns : []), (leaf) => {
      if (leaf instanceof Promise) throw asynchronous(leaf)
      return leaf instanceof Tensor && isGiven(leaf.node) ? identity(leaf) : leaf
    })
    const returned = leavesOf(result).flatMap(({ leaf }) =>
      leaf instanceof Tensor ? leaf.node : [],
    )
    const assignments = assignmentsOf(trace)
    const structure = structureOf([...returned, ...assignments.map((a) => a.output)], isGiven)
    return {
      structure,
      arrays: structure.arrays.map((node) => arraySource(node, positions, trace)),
      scalars: structure.numbers.map((node) => positions.get(node) ?? -1),
      assignments,
      result,
      plans: new WeakMap(),
    }
  })
}

function asynchronous(result: Promise<unknown>): TraceError {
  // Nobody will ever wait for it.
  result.catch(() => {})
  return new TraceError('compile', {
    got: 'a function that returns a promise',
    wanted: 'a synchronous function of tensors',
    hint: 'await outside: what the compiled call returns can be read',
  })
}

function standInFor(leaf: unknown): Node | undefined {
  if (leaf instanceof Tensor) return createPlaceholder(leaf)
  if (typeof leaf !== 'number') return undefined
  return new Node({ kind: 'number', value: leaf }, [], { shape: [], dtype: 'float32' })
}

/** Each parameter gets a buffer that nobody else has, so that the next call may overwrite it. */
function assignmentsOf(trace: Trace): Assignment[] {
  return [...trace.writes].flatMap(([parameter, value]) => {
    if (!(parameter instanceof Parameter)) return []
    return { parameter, output: identity(value).node, before: trace.reads.get(parameter) }
  })
}

function arraySource(node: Node, positions: ReadonlyMap<Node, number>, trace: Trace): ArraySource {
  const position = positions.get(node)
  if (position !== undefined) return { from: 'argument', position }
  for (const [parameter, placeholder] of trace.reads) {
    if (placeholder === node && parameter instanceof Parameter)
      return { from: 'parameter', parameter }
  }
  return { from: 'closure', node }
}
