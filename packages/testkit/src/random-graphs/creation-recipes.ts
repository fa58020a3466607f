import { sizeOf } from '@tensorweft/core'
import { broadcastSource, hasAxes, isAny, type Recipe, recipe } from './recipe.ts'

// What is made of shapes alone takes those of other nodes, so that it meets them.

const full = recipe(isAny, (like, graph, choices) => {
  const large = { float32: 2, float64: 2, float16: 2, int32: 2147483647, uint8: 255, bool: 1 }[
    like.dtype
  ]
  const values = [1, like.dtype === 'int32' ? -3 : 0, large]
  const shape = broadcastSource(choices, like.shape)
  return graph.apply('full', [], [shape, choices.pick(values), like.dtype])
})

const constant = recipe(isAny, ({ shape, dtype }, graph, choices) =>
  graph.apply(choices.pick(['zeros', 'ones']), [], [broadcastSource(choices, shape), dtype]),
)

const constantLike = recipe(isAny, (x, graph, choices) =>
  graph.apply(choices.pick(['zerosLike', 'onesLike']), [x]),
)

const indices = recipe(hasAxes, ({ shape }, graph, choices) =>
  graph.apply('indices', [], [shape, choices.below(shape.length)]),
)

const eye = recipe(hasAxes, ({ shape, dtype }, graph) => {
  const columns = shape.at(-1) ?? 1
  return graph.apply('eye', [], [shape.at(-2) ?? columns, columns, dtype])
})

/** As many numbers as the last axis has. */
const arange = recipe(
  ({ shape, dtype }) => shape.length > 0 && dtype !== 'bool' && dtype !== 'uint8',
  ({ shape, dtype }, graph, choices) => {
    const [start, step] = [choices.between(-2, 2), choices.pick([1, 2, -1])]
    return graph.apply('arange', [], [start, start + step * (shape.at(-1) ?? 1), step, dtype])
  },
)

const linspace = recipe(hasAxes, ({ shape }, graph, choices) => {
  const [floats = 'float32'] = graph.limits.dtypes
  const ends = [choices.pick([0, -1, 2.5]), choices.pick([1, -0.7])]
  return graph.apply('linspace', [], [...ends, shape.at(-1) ?? 1, floats])
})

const oneHot = recipe(
  ({ shape, dtype }) => dtype === 'int32' && sizeOf(shape) > 0,
  (labels, graph, choices) => {
    const dtype = choices.oneIn(3) ? [choices.pick(graph.limits.dtypes)] : []
    return graph.apply('oneHot', [labels], [choices.between(1, 4), ...dtype])
  },
)

export const creationRecipes: readonly Recipe[] = [
  full,
  constant,
  constantLike,
  indices,
  eye,
  arange,
  linspace,
  oneHot,
  oneHot,
]
