import type { DType, Shape } from '@tensorweft/core'
import type { Options } from './argument.ts'
import type { Candidate, GrowingGraph } from './growing-graph.ts'
import {
  hasAxes,
  hasElements,
  isFloats,
  type Recipe,
  recipe,
  someAxes,
  sometimes,
  twinOf,
} from './recipe.ts'

/** Scale and offset of the normalised values: none, the first, or both. */
function weights(graph: GrowingGraph, shape: Shape, dtype: DType, most = 2): Candidate[] {
  const count = graph.choices.below(most + 1)
  return Array.from({ length: count }, () => twinOf(graph, shape, dtype))
}

const isNormalizable = (x: Candidate) => hasAxes(x) && hasElements(x) && isFloats(x)
const hasChannels = (x: Candidate) => isNormalizable(x) && x.shape.length > 1

const overAxes = recipe(isNormalizable, (x, graph, choices) => {
  const axes = someAxes(choices, x.shape).sort((a, b) => a - b)
  const shape = axes.map((axis) => x.shape[axis] ?? 1)
  const [op, most] = choices.pick([
    ['layerNorm', 2],
    ['rmsNorm', 1],
  ] as const)
  const options = { axes, ...sometimes(choices, 3, { epsilon: 0.1 }) }
  return graph.apply(op, [x, ...weights(graph, shape, x.dtype, most)], [options])
})

const overGroups = recipe(hasChannels, (x, graph, choices) => {
  const channels = x.shape.at(-1) ?? 1
  const given = weights(graph, [channels], x.dtype)
  if (x.shape.length > 2 && choices.oneIn(3)) return graph.apply('instanceNorm', [x, ...given])
  const groups = [1, 2, 3, channels].filter((n) => channels % n === 0)
  return graph.apply('groupNorm', [x, ...given], [{ groups: choices.pick(groups) }])
})

const overBatch = recipe(hasChannels, (x, graph, choices) => {
  const channel = () => twinOf(graph, x.shape.slice(-1), x.dtype)
  const [gamma, beta, mean] = [channel(), channel(), channel()]
  const variance = graph.apply('softplus', [channel()])
  const result = choices.pick(['y', 'runningMean', 'runningVariance'])
  const options: Options =
    result === 'y' && choices.oneIn(2) ? {} : { training: true, momentum: 0.75 }
  return variance && graph.apply('batchNorm', [x, gamma, beta, mean, variance], [options, result])
})

const gated = recipe(
  (x) => isFloats(x) && x.shape.some((n) => n % 2 === 0),
  (x, graph, choices) => {
    const axes = [...x.shape.keys()].filter((axis) => (x.shape[axis] ?? 1) % 2 === 0)
    return graph.apply('glu', [x], [choices.pick(axes)])
  },
)

export const normalizationRecipes: readonly Recipe[] = [overAxes, overGroups, overBatch, gated]
