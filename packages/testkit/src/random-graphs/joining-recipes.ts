import { sizeOf } from '@tensorweft/core'
import type { Candidate } from './growing-graph.ts'
import { hasAxes, hasElements, type Recipe, recipe, someAxes, twinOf } from './recipe.ts'

/** Along a random axis, of nodes that agree in all others; of one node twice if there is no other. */
const concat = recipe(hasAxes, (x, graph, choices) => {
  const axis = choices.below(x.shape.length)
  const fits = ({ shape, dtype }: Candidate) =>
    dtype === x.dtype &&
    shape.length === x.shape.length &&
    shape.every((n, i) => i === axis || n === x.shape[i])
  const others = Array.from({ length: choices.between(1, 3) }, () => graph.pick(fits) ?? x)
  return graph.apply('concat', choices.shuffled([x, ...others]), [axis])
})

const stack = recipe(
  () => true,
  (x, graph, choices) => {
    const others = Array.from({ length: choices.between(1, 2) }, () =>
      twinOf(graph, x.shape, x.dtype),
    )
    return graph.apply('stack', [x, ...others], [choices.below(x.shape.length + 1)])
  },
)

/** One of the parts. */
const split = recipe(hasAxes, (x, graph, choices) => {
  const axis = choices.below(x.shape.length)
  const n = x.shape[axis] ?? 0
  const first = choices.below(n + 1)
  const sections = n % 2 === 0 && choices.oneIn(2) ? 2 : [first, n - first]
  return graph.apply('split', [x], [sections, axis, choices.below(2)])
})

const roll = recipe(hasAxes, (x, graph, choices) => {
  const axes = someAxes(choices, x.shape)
  return graph.apply('roll', [x], [axes.map(() => choices.between(-4, 4)), axes])
})

const tile = recipe(hasAxes, (x, graph, choices) => {
  const most = sizeOf(x.shape) * 4 <= graph.limits.maxElements ? 3 : 1
  return graph.apply('tile', [x], [x.shape.map(() => choices.between(1, most))])
})

const stridedSlice = recipe(hasAxes, (x, graph, choices) => {
  const bounds = () => x.shape.map((n) => (choices.oneIn(4) ? choices.between(-n, n) : null))
  const strides = x.shape.map(() => choices.pick([1, 2, -1, 3, -2]))
  return graph.apply('stridedSlice', [x], [bounds(), bounds(), strides])
})

const padAround = recipe(
  (x) => hasAxes(x) && hasElements(x),
  (x, graph, choices) => {
    const mode = choices.pick(['edge', 'reflect'])
    const count = (n: number) => choices.below(mode === 'edge' ? 3 : Math.min(n, 3))
    const paddings = x.shape.map((n) => (choices.oneIn(2) ? [count(n), count(n)] : [0, 0]))
    return graph.apply('pad', [x], [paddings, mode])
  },
)

const triangle = recipe(
  ({ shape }) => shape.length > 1,
  (x, graph, choices) => graph.apply(choices.pick(['tril', 'triu']), [x], [choices.between(-1, 2)]),
)

export const joiningRecipes: readonly Recipe[] = [
  concat,
  concat,
  stack,
  split,
  roll,
  tile,
  stridedSlice,
  padAround,
  triangle,
]
