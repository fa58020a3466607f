import { isFloat, type Shape, sizeOf } from '@tensorweft/core'
import type { Choices } from './choices.ts'
import { hasAxes, isAny, type Recipe, recipe, someAxes } from './recipe.ts'

const reshape = recipe(isAny, (x, graph, choices) =>
  graph.apply('reshape', [x], [regrouped(choices, x.shape, graph.limits.maxRank)]),
)

/** The same number of elements, with axes merged, split, or split elsewhere. */
function regrouped(choices: Choices, shape: Shape, maxRank: number): number[] {
  const size = sizeOf(shape)
  const factors = size === 0 ? [0, choices.between(1, 4)] : shape.flatMap(primeFactors)
  const result: number[] = []
  for (const factor of factors) {
    const last = result.length - 1
    if (last >= 0 && (choices.oneIn(2) || result.length === maxRank)) {
      result[last] = (result[last] ?? 1) * factor
    } else result.push(factor)
  }
  if (result.length < maxRank && choices.oneIn(4)) {
    result.splice(choices.below(result.length + 1), 0, 1)
  }
  return result
}

function primeFactors(n: number): number[] {
  for (let factor = 2; factor <= n; factor++) {
    if (n % factor === 0) return [factor, ...primeFactors(n / factor)]
  }
  return []
}

const transpose = recipe(
  ({ shape }) => shape.length > 1,
  (x, graph, choices) => {
    const axes = x.shape.map((_, axis) => axis)
    return graph.apply('transpose', [x], [choices.shuffled(axes.reverse())])
  },
)

const flip = recipe(hasAxes, (x, graph, choices) =>
  graph.apply('flip', [x], [someAxes(choices, x.shape)]),
)

const slice = recipe(hasAxes, (x, graph, choices) => {
  const begin = x.shape.map((n) => choices.below(Math.max(Math.ceil(n / 2), 1)))
  const size = x.shape.map((n, axis) => {
    const rest = n - (begin[axis] ?? 0)
    return choices.oneIn(2)
      ? choices.between(choices.oneIn(20) ? 0 : Math.min(1, rest), rest)
      : rest
  })
  return graph.apply('slice', [x], [begin, size])
})

const pad = recipe(hasAxes, (x, graph, choices) => {
  const paddings = x.shape.map(() =>
    choices.oneIn(2) ? [choices.below(3), choices.below(3)] : [0, 0],
  )
  const values = isFloat(x.dtype) ? [0, 1.5, -3] : x.dtype === 'bool' ? [0, 1] : [0, 7]
  return graph.apply('pad', [x], [paddings, choices.pick(values)])
})

const broadcastTo = recipe(isAny, (x, graph, choices) => {
  if (sizeOf(x.shape) * 2 > graph.limits.maxElements) return undefined
  const grown = x.shape.map((n) => (n === 1 && choices.oneIn(2) ? choices.between(2, 4) : n))
  const added = Array.from({ length: choices.below(3) }, () => choices.between(1, 3))
  return graph.apply('broadcastTo', [x], [[...added, ...grown]])
})

const expandDims = recipe(isAny, (x, graph, choices) =>
  graph.apply('expandDims', [x], [choices.below(x.shape.length + 1)]),
)

const squeeze = recipe(
  ({ shape }) => shape.includes(1),
  (x, graph) => graph.apply('squeeze', [x]),
)

export const movementRecipes: readonly Recipe[] = [
  reshape,
  transpose,
  flip,
  slice,
  pad,
  broadcastTo,
  expandDims,
  squeeze,
]
