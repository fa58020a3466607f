import { type DType, isFloat, type Shape, sameShape } from '@tensorweft/core'
import type { Argument, Options } from './argument.ts'
import type { Choices } from './choices.ts'
import type { GraphOp } from './graph-ops.ts'
import type { Candidate, GrowingGraph } from './growing-graph.ts'

/** Adds a node if the graph has what it takes. */
export type Recipe = (graph: GrowingGraph) => Candidate | undefined

/** An op with its plain arguments. */
export type Call = readonly [op: GraphOp, ...args: Argument[]]

/** Adds what `build` makes of a node that `accepts` holds for. */
export function recipe(
  accepts: (x: Candidate) => boolean,
  build: (x: Candidate, graph: GrowingGraph, choices: Choices) => Candidate | undefined,
): Recipe {
  return (graph) => {
    const x = graph.pick(accepts)
    return x && build(x, graph, graph.choices)
  }
}

export const isAny = (): boolean => true
export const isFloats = ({ dtype }: Candidate): boolean => isFloat(dtype)
export const hasAxes = ({ shape }: Candidate): boolean => shape.length > 0
export const hasElements = ({ shape }: Candidate): boolean => !shape.includes(0)
/** Floats and int32: what has sums and products that wrap at most. */
export const isArithmetic = ({ dtype }: Candidate): boolean => isFloat(dtype) || dtype === 'int32'

/** A node of `dtype` that broadcasts together with `x`, or a new leaf that does. */
export function partnerOf(
  graph: GrowingGraph,
  x: { readonly shape: Shape },
  dtype: DType,
): Candidate {
  const fits = (node: Candidate) => node.dtype === dtype && broadcasts(node.shape, x.shape)
  return existingOr(graph, fits, () => graph.leaf(broadcastSource(graph.choices, x.shape), dtype))
}

/** A node of this shape and dtype, or a new leaf. */
export function twinOf(graph: GrowingGraph, shape: Shape, dtype: DType): Candidate {
  const fits = (node: Candidate) => node.dtype === dtype && sameShape(node.shape, shape)
  return existingOr(graph, fits, () => graph.leaf(shape, dtype))
}

function existingOr(
  graph: GrowingGraph,
  fits: (node: Candidate) => boolean,
  make: () => Candidate,
): Candidate {
  const existing = graph.candidates(fits)
  const { choices } = graph
  return existing.length > 0 && !choices.oneIn(3) ? choices.pick(existing) : make()
}

function broadcasts(a: Shape, b: Shape): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  const offset = long.length - short.length
  return short.every((n, axis) => n === 1 || long[axis + offset] === 1 || n === long[axis + offset])
}

/** A shape that broadcasts to `shape`. */
export function broadcastSource(choices: Choices, shape: Shape): number[] {
  const dropped = choices.oneIn(3) ? choices.below(shape.length + 1) : 0
  return shape.slice(dropped).map((n) => (choices.oneIn(4) ? 1 : n))
}

/** At least one axis, not in order. */
export function someAxes(choices: Choices, shape: Shape): number[] {
  const axes = choices.shuffled(shape.map((_, axis) => axis).reverse())
  return axes.slice(0, choices.between(1, axes.length))
}

/** The options once in `n` times, else none. */
export function sometimes(choices: Choices, n: number, options: Options): Options {
  return choices.oneIn(n) ? options : {}
}
