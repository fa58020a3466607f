import type { Shape } from '@tensorweft/core'
import type { Candidate, GrowingGraph } from './growing-graph.ts'
import { hasAxes, isArithmetic, type Recipe, recipe, sometimes, twinOf } from './recipe.ts'

/** Elements along an axis for which the square of the axis is no trouble. */
export const shortAxis = 16

/** Positions in an axis of size `n`: given, or computed, now and then outside. */
function positions(graph: GrowingGraph, shape: Shape, n: number): Candidate | undefined {
  const { choices } = graph
  if (choices.oneIn(2)) return graph.positions(shape, n)
  const numbers = twinOf(graph, shape, 'int32')
  return choices.oneIn(6)
    ? graph.apply('add', [graph.positions(shape, n)], [1])
    : graph.apply('mod', [numbers], [n])
}

/** A short shape, at times of no elements. */
function places(graph: GrowingGraph): number[] {
  const { choices } = graph
  const sizes = [3, 1, 5, 2, 4]
  return Array.from({ length: choices.pick([1, 1, 2, 0]) }, () =>
    choices.oneIn(30) ? 0 : choices.pick(sizes),
  )
}

/** An axis with elements. */
function fullAxis(x: Candidate, { choices }: GrowingGraph): number | undefined {
  const axes = [...x.shape.keys()].filter((axis) => (x.shape[axis] ?? 0) > 0)
  return axes.length === 0 ? undefined : choices.pick(axes)
}

const gather = recipe(hasAxes, (x, graph) => {
  const axis = fullAxis(x, graph)
  const indices =
    axis === undefined ? undefined : positions(graph, places(graph), x.shape[axis] ?? 1)
  return indices && graph.apply('gather', [x, indices], [axis ?? 0])
})

const takeAlongAxis = recipe(hasAxes, (x, graph, choices) => {
  const axis = fullAxis(x, graph)
  if (axis === undefined) return undefined
  const n = x.shape[axis] ?? 1
  const indices = positions(graph, x.shape.with(axis, choices.between(1, n + 1)), n)
  return indices && graph.apply('takeAlongAxis', [x, indices], [axis])
})

const gatherND = recipe(hasAxes, (x, graph, choices) => {
  const depth = choices.between(1, x.shape.length)
  const least = Math.min(...x.shape.slice(0, depth))
  const indices = least > 0 ? positions(graph, [...places(graph), depth], least) : undefined
  return indices && graph.apply('gatherND', [x, indices])
})

const scatterAdd = recipe(
  (x) => hasAxes(x) && isArithmetic(x),
  (x, graph) => {
    const axis = fullAxis(x, graph)
    if (axis === undefined) return undefined
    const indices = positions(graph, places(graph), x.shape[axis] ?? 1)
    if (indices === undefined) return undefined
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]
    if (shape.length > graph.limits.maxRank) return undefined
    const updates = twinOf(graph, shape, x.dtype)
    return graph.apply('scatterAdd', [x, indices, updates], [axis])
  },
)

const sorted = recipe(hasAxes, (x, graph, choices) => {
  const axis = choices.below(x.shape.length)
  const options = sometimes(choices, 2, { descending: true })
  return graph.apply(choices.pick(['sort', 'argSort']), [x], [axis, options])
})

const topK = recipe(hasAxes, (x, graph, choices) => {
  const k = choices.between(0, x.shape.at(-1) ?? 0)
  return graph.apply('topK', [x], [k, choices.pick(['values', 'indices'])])
})

const cumulative = recipe(
  (x) => hasAxes(x) && isArithmetic(x),
  (x, graph, choices) => {
    const axis = choices.below(x.shape.length)
    const isShort = (x.shape[axis] ?? 0) <= shortAxis
    const options = {
      ...sometimes(choices, 3, { reverse: true }),
      ...sometimes(choices, 3, { exclusive: true }),
    }
    const op = choices.pick(isShort ? (['cumSum', 'cumProd'] as const) : (['cumSum'] as const))
    return graph.apply(op, [x], [axis, options])
  },
)

export const indexingRecipes: readonly Recipe[] = [
  gather,
  takeAlongAxis,
  gatherND,
  scatterAdd,
  sorted,
  topK,
  cumulative,
]
