import type { GraphStructure } from '../graph/structure.ts'
import type { Node } from '../graph/tensor.ts'
import type { KernelKind } from '../ir/kernel.ts'
import { sizeOf } from '../shape.ts'
import { analyze, type OpAnalysis } from './analysis.ts'
import type { Claims } from './claim.ts'
import { orderedBase } from './draft-arrays.ts'

/** Additions that cost as much as writing an element to memory and reading it again. */
const storeAndLoadCost = 6

/** Producers that one kernel goes through at most, so that expressions stay of bounded size. */
const maxInlineDepth = 64

interface Reader {
  readonly node: Node
  /** Evaluations per element by this reader alone. */
  readonly evaluations: number
}

/**
 * Decides which nodes get an array of their own; all others are computed where they are read.
 *
 * A cheap producer is inlined although its readers repeat it: the repeated arithmetic must cost
 * less than a store and a load. What contains a reduction is inlined only into one reader of the
 * same size, as its epilogue.
 */
export function chooseMaterialized(
  structure: GraphStructure,
  kinds: readonly KernelKind[],
  claims: Claims,
): Set<Node> {
  const { order, representative, outputs } = structure
  const resolve = (node: Node) => representative.get(node) ?? node
  const candidates = order.filter((node) => !structure.isGiven(node))
  const analyses = new Map(candidates.map((node) => [node, analyze(node, kinds, claims.get(node))]))
  const computed = evaluatedNodes(candidates, outputs, analyses, resolve)
  const readers = readersOf(computed, analyses, resolve)
  const arrays = neededAsArrays(structure, computed, analyses, resolve)
  const materialized = new Set([...outputs, ...arrays])
  for (const node of inlinedTooOften(structure, computed, analyses, readers, materialized)) {
    materialized.add(node)
  }
  separateReductions(structure, computed, analyses, readers, materialized, resolve)
  return materialized
}

/**
 * Nodes that outputs are made of, in order. Others are only mentioned: named by a region beside its
 * result, or needed by the loops of an op that runs as a walk here.
 */
function evaluatedNodes(
  candidates: readonly Node[],
  outputs: readonly Node[],
  analyses: ReadonlyMap<Node, OpAnalysis>,
  resolve: (node: Node) => Node,
): Node[] {
  const evaluated = new Set(outputs)
  for (const node of [...candidates].reverse()) {
    if (!evaluated.has(node)) continue
    for (const input of evaluatedInputs(node, analyses.get(node))) evaluated.add(resolve(input))
  }
  return candidates.filter((node) => evaluated.has(node))
}

function evaluatedInputs(node: Node, analysis: OpAnalysis | undefined): Node[] {
  return node.inputs.filter((_, i) => analysis?.gathered[i] || (analysis?.evaluations[i] ?? 0) > 0)
}

/** What kernels of their own compute, and what is read at computed places. */
function neededAsArrays(
  structure: GraphStructure,
  computed: readonly Node[],
  analyses: ReadonlyMap<Node, OpAnalysis>,
  resolve: (node: Node) => Node,
): Node[] {
  return computed.flatMap((node) => {
    const analysis = analyses.get(node)
    const gathered = node.inputs
      .filter((_, i) => analysis?.gathered[i])
      .map((input) => orderedBase(input, { resolve, isGiven: structure.isGiven }))
      .filter((input) => !structure.isGiven(input))
    return analysis?.isKernel ? [node, ...gathered] : gathered
  })
}

function readersOf(
  computed: readonly Node[],
  analyses: ReadonlyMap<Node, OpAnalysis>,
  resolve: (node: Node) => Node,
): ReadonlyMap<Node, readonly Reader[]> {
  const readers = new Map<Node, Reader[]>()
  for (const node of computed) {
    const analysis = analyses.get(node)
    node.inputs.forEach((input, i) => {
      const evaluations = analysis?.evaluations[i] ?? 0
      if (evaluations === 0) return
      const known = readers.get(resolve(input))
      if (known === undefined) readers.set(resolve(input), [{ node, evaluations }])
      else known.push({ node, evaluations })
    })
  }
  return readers
}

/** Nodes whose repeated evaluation would cost more than keeping them; readers are visited first. */
function inlinedTooOften(
  structure: GraphStructure,
  computed: readonly Node[],
  analyses: ReadonlyMap<Node, OpAnalysis>,
  readers: ReadonlyMap<Node, readonly Reader[]>,
  materialized: ReadonlySet<Node>,
): Set<Node> {
  const kept = new Set<Node>()
  const costs = inlinedCosts(structure, computed, analyses, (node) => materialized.has(node))
  const evaluations = new Map<Node, number>()
  for (const node of [...computed].reverse()) {
    const total = (readers.get(node) ?? []).reduce((sum, reader) => {
      // What reduces is evaluated once an element: it becomes an array, or part of one reader.
      const isArray =
        materialized.has(reader.node) || kept.has(reader.node) || analyses.get(reader.node)?.reduces
      return sum + reader.evaluations * (isArray ? 1 : (evaluations.get(reader.node) ?? 1))
    }, 0)
    evaluations.set(node, total)
    if (isTooOften(total, costs.get(node) ?? 0)) kept.add(node)
  }
  // With the arrays that come before it, an expression may be cheap enough.
  const needed = new Set<Node>()
  inlinedCosts(structure, computed, analyses, (node, cost) => {
    if (kept.has(node) && isTooOften(evaluations.get(node) ?? 0, cost)) needed.add(node)
    return materialized.has(node) || needed.has(node)
  })
  return needed
}

/** Whether the repeated evaluation of an element costs more than a store and a load. */
function isTooOften(evaluations: number, cost: number): boolean {
  return (evaluations - 1) * cost > storeAndLoadCost
}

/** Cost of an element with all producers inlined up to the next array or reduction. */
function inlinedCosts(
  { numbers, representative }: GraphStructure,
  computed: readonly Node[],
  analyses: ReadonlyMap<Node, OpAnalysis>,
  isArray: (node: Node, cost: number) => boolean,
): ReadonlyMap<Node, number> {
  const costs = new Map<Node, number>()
  const arrays = new Set<Node>()
  const constants = new Set(numbers)
  for (const node of computed) {
    const analysis = analyses.get(node)
    const evaluations = new Map<Node, number>()
    node.inputs.forEach((input, i) => {
      const own = representative.get(input) ?? input
      const before = evaluations.get(own) ?? 0
      evaluations.set(own, before + (analysis?.evaluations[i] ?? 0))
    })
    const inputs = [...evaluations].filter(([, times]) => times > 0)
    if (analysis?.isUniform && inputs.every(([input]) => constants.has(input))) {
      // Nothing but constants and numbers: folded, or computed once by the backend.
      constants.add(node)
      continue
    }
    const inherited = inputs.reduce((sum, [input, times]) => {
      const cost = costs.get(input) ?? 0
      // What this node alone reads too often becomes an array, and is only loaded.
      return arrays.has(input) || isTooOften(times, cost) ? sum : sum + cost
    }, 0)
    const cost = analysis?.reduces ? 0 : (analysis?.cost ?? 0) + inherited
    costs.set(node, cost)
    if (isArray(node, cost)) arrays.add(node)
  }
  return costs
}

/**
 * Adds the nodes that must be arrays because of the reductions their expressions would contain:
 * a kernel holds one reduction, not inside another, and each of its results is read once.
 */
function separateReductions(
  structure: GraphStructure,
  computed: readonly Node[],
  analyses: ReadonlyMap<Node, OpAnalysis>,
  readers: ReadonlyMap<Node, readonly Reader[]>,
  materialized: Set<Node>,
  resolve: (node: Node) => Node,
): void {
  /** The reduction that the expression of an inlined node contains, and how deep it is. */
  const reductionIn = new Map<Node, Node>()
  const depths = new Map<Node, number>()
  const inlinedInputs = (node: Node) =>
    [...new Set(evaluatedInputs(node, analyses.get(node)).map(resolve))].filter(
      (input) => !structure.isGiven(input) && !materialized.has(input),
    )
  for (const node of computed) {
    const carriers = inlinedInputs(node).filter((input) => reductionIn.has(input))
    const isEpilogue = (input: Node) =>
      !analyses.get(node)?.reduces && sizeOf(input.shape) === sizeOf(node.shape)
    const epilogueOf = largest(carriers.filter(isEpilogue))
    for (const input of carriers) if (input !== epilogueOf) materialized.add(input)
    const depth = Math.max(0, ...inlinedInputs(node).map((input) => depths.get(input) ?? 0)) + 1
    depths.set(node, depth)
    const reduction = analyses.get(node)?.reduces ? node : epilogueOf && reductionIn.get(epilogueOf)
    if (reduction !== undefined) reductionIn.set(node, reduction)
    const isReadOften = (readers.get(node)?.length ?? 0) > 1
    if ((reduction !== undefined && isReadOften) || depth >= maxInlineDepth) materialized.add(node)
  }
}

function largest(nodes: readonly Node[]): Node | undefined {
  return [...nodes].sort((a, b) => sizeOf(b.shape) - sizeOf(a.shape))[0]
}
