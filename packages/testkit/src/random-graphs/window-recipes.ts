import { isFloat } from '@tensorweft/core'
import type { Choices } from './choices.ts'
import type { GraphOp } from './graph-ops.ts'
import type { Candidate, GrowingGraph } from './growing-graph.ts'
import type { Recipe } from './movement-recipes.ts'
import type { Argument } from './program.ts'

/** A window that fits over spatial sizes, by its sizes and options. */
interface FittingWindow {
  readonly kernel: readonly number[]
  readonly options: { readonly [name: string]: Argument }
}

function fittingWindow(choices: Choices, spatial: readonly number[]): FittingWindow {
  const dilations = spatial.map(() => (choices.oneIn(4) ? 2 : 1))
  const kernel = spatial.map(() => choices.between(1, 3))
  const strides = spatial.map(() => choices.between(1, 3))
  const reach = kernel.map((k, axis) => (k - 1) * (dilations[axis] ?? 1) + 1)
  const explicit = spatial.map((n, axis) => {
    const missing = Math.max((reach[axis] ?? 1) - n, 0)
    return [choices.below(2) + missing, choices.below(2)]
  })
  const fits = spatial.every((n, axis) => n >= (reach[axis] ?? 1))
  const padding = choices.pick<Argument>(fits ? ['valid', 'same', explicit] : ['same', explicit])
  return { kernel, options: { strides, dilations, padding } }
}

/** Images [batch, …spatial, channels] without empty axes; made if there are none. */
function images(graph: GrowingGraph, rank: number): Candidate {
  const { choices } = graph
  const found = graph.pick(
    ({ shape, dtype }) => shape.length === rank && isFloat(dtype) && !shape.includes(0),
  )
  if (found !== undefined && !choices.oneIn(4)) return found
  const spatial = Array.from({ length: rank - 2 }, () => choices.between(1, 7))
  return graph.leaf([choices.between(1, 2), ...spatial, choices.between(1, 4)], 'float32')
}

const convolution: Recipe = (graph) => {
  const { choices } = graph
  const rank = choices.pick([4, 3, 5])
  const x = images(graph, rank)
  const { kernel, options } = fittingWindow(choices, x.shape.slice(1, -1))
  const channels = x.shape.at(-1) ?? 1
  const groups = choices.oneIn(3) && channels <= 8 ? channels : 1
  const outChannels = groups * choices.between(1, 3)
  const filters = graph.leaf([...kernel, channels / groups, outChannels], x.dtype)
  const op = (['conv1d', 'conv2d', 'conv3d'] as const)[rank - 3] ?? 'conv2d'
  return graph.apply(op, [x, filters], [{ ...options, groups }])
}

const pooling: Recipe = (graph) => {
  const rank = graph.choices.pick([4, 3])
  const x = images(graph, rank)
  const { kernel, options } = fittingWindow(graph.choices, x.shape.slice(1, -1))
  const ops =
    rank === 3 ? (['maxPool1d', 'avgPool1d'] as const) : (['maxPool2d', 'avgPool2d'] as const)
  const op = graph.choices.pick<GraphOp>(ops)
  return graph.apply(op, [x], [{ ...options, poolSize: kernel }])
}

export const windowRecipes: readonly Recipe[] = [convolution, pooling]
