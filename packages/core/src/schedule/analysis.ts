import type { Node, WalkForm } from '../graph/tensor.ts'
import { type Index, IndexSpace, unflatten } from '../index-algebra/index.ts'
import { scalarFunctions } from '../ir/instruction.ts'
import type { KernelKind } from '../ir/kernel.ts'
import { ScalarBuilder } from '../scalar/builder.ts'
import { postOrder, type ReduceScalar, type Scalar } from '../scalar/scalar.ts'
import { sizeOf } from '../shape.ts'
import { axesUsed, splitKernelAxes } from './axes.ts'
import type { Claim } from './claim.ts'
import { findProduct } from './contraction.ts'
import { ElementLowering } from './lowering.ts'
import { rootsAtPoint, walkOf } from './walk.ts'

/** What the scheduler wants to know of an op, found by lowering it over its direct inputs. */
export interface OpAnalysis {
  /** Rough cost of one element, in additions. */
  readonly cost: number
  /** Whether it combines several elements of an input into one. */
  readonly reduces: boolean
  /** Whether every element is the same if those of the inputs are. */
  readonly isUniform: boolean
  /** Whether it is computed by a kernel of its own: one that walks rows in order, or a custom one. */
  readonly isKernel: boolean
  /** Whether input i is read at computed places and so must be an array. */
  readonly gathered: readonly boolean[]
  /** How often each element of input i is evaluated, on average; packing counts once. */
  readonly evaluations: readonly number[]
}

const instructionCost: Readonly<Record<string, number>> = {
  div: 4,
  idiv: 4,
  mod: 4,
  sqrt: 4,
  exp2: 10,
  log2: 10,
  sin: 15,
  exp: 15,
  log: 15,
  log1p: 15,
  expm1: 15,
  tanh: 15,
  cos: 15,
}

/** Lowers `node` with its inputs as opaque arrays and measures the expression. */
export function analyze(node: Node, kinds: readonly KernelKind[], claim?: Claim): OpAnalysis {
  if (claim !== undefined) return analyzeClaim(node, claim)
  const inputs = new Map(node.inputs.map((input, i) => [input, i]))
  const array = (input: Node) => inputs.get(input) ?? -1
  const lowering = new ElementLowering(new IndexSpace(), new ScalarBuilder(scalarFunctions), {
    element: (input) => ({ kind: 'array', array: array(input) }),
    array,
  })
  const { form } = lowering.walk(node)
  return form !== undefined && kinds.includes(form.kind)
    ? analyzeWalk(node, form, lowering)
    : analyzeElement(node, lowering)
}

function analyzeElement(node: Node, lowering: ElementLowering): OpAnalysis {
  const size = sizeOf(node.shape)
  const flat = lowering.space.axis(size, 't')
  const element = lowering.computed(node, unflatten(flat, node.shape))
  const all = postOrder([element])
  const reductions = all.filter((scalar) => scalar.kind === 'reduce')
  return {
    cost: all.reduce((cost, scalar) => cost + costOf(scalar), 0),
    reduces: reductions.length > 0,
    isUniform: !all.some((scalar) => placed.includes(scalar.kind)),
    isKernel: false,
    gathered: gatheredInputs(node, all),
    evaluations: node.inputs.map((input, i) => {
      const inputSize = sizeOf(input.shape)
      return evaluationsOf(i, inputSize, size, element, reductions) / packedReuse(i, element, flat)
    }),
  }
}

/** Kinds of values that differ from element to element of equal inputs. */
const placed: readonly Scalar['kind'][] = ['index', 'inside', 'reduce', 'gather']

function analyzeWalk(node: Node, form: WalkForm, lowering: ElementLowering): OpAnalysis {
  const walk = walkOf(form, node.shape, lowering.space)
  const initial = walk.kind === 'scatter' ? [walk.initial] : []
  const parts = [
    { points: walk.size, scalars: postOrder(rootsAtPoint(walk)) },
    ...initial.map(({ size, value }) => ({ points: size, scalars: postOrder([value]) })),
  ]
  return {
    cost: 0,
    reduces: true,
    isUniform: false,
    isKernel: true,
    gathered: gatheredInputs(
      node,
      parts.flatMap(({ scalars }) => scalars),
    ),
    evaluations: node.inputs.map((input, i) => {
      const reads = parts.map(({ points, scalars }) => points * readsOf(i, scalars))
      return reads.reduce((a, b) => a + b, 0) / Math.max(1, sizeOf(input.shape))
    }),
  }
}

function analyzeClaim(node: Node, claim: Claim): OpAnalysis {
  const isRead = node.inputs.map((_, i) => claim.inputs.includes(i))
  const evaluations = isRead.map(Number)
  return { cost: 0, reduces: true, isUniform: false, isKernel: true, gathered: isRead, evaluations }
}

function gatheredInputs(node: Node, scalars: readonly Scalar[]): boolean[] {
  return node.inputs.map((_, i) => scalars.some((s) => s.kind === 'gather' && s.array === i))
}

function readsOf(input: number, scalars: readonly Scalar[]): number {
  return scalars.filter((s) => (s.kind === 'load' || s.kind === 'gather') && s.array === input)
    .length
}

/** How many output elements share an evaluation, because a contraction packs its operands. */
function packedReuse(input: number, element: Scalar, flat: Index): number {
  if (element.kind !== 'reduce') return 1
  const axes = splitKernelAxes([element])
  const outer = axes.partsOf(flat)
  const reduced = axes.partsOf(flat.space.atom(element.axis))
  if (findProduct(element, outer, reduced, axes) === undefined) return 1
  const loads = postOrder([element]).filter((s) => s.kind === 'load' && s.array === input)
  const used = new Set(loads.flatMap((load) => [...axesUsed(load, axes)]))
  return outer.reduce((reuse, axis) => (used.has(axis) ? reuse : reuse * axis.size), 1)
}

function costOf(scalar: Scalar): number {
  return scalar.kind === 'apply' ? (instructionCost[scalar.instruction] ?? 1) : 0
}

/** Loads of input `i`, once per output element or once per point of their reduction. */
function evaluationsOf(
  input: number,
  inputSize: number,
  outputSize: number,
  element: Scalar,
  reductions: readonly ReduceScalar[],
): number {
  const loadsIn = (roots: readonly Scalar[]) =>
    readsOf(
      input,
      postOrder(roots, (scalar) => scalar.kind === 'reduce' && !roots.includes(scalar)),
    )
  const outside = element.kind === 'reduce' ? 0 : loadsIn([element])
  const inside = reductions.reduce((n, r) => n + r.axis.size * loadsIn([r.body]), 0)
  return inputSize === 0 ? 0 : ((outside + inside) * outputSize) / inputSize
}
