import { isFloat, sizeOf } from '@tensorweft/core'
import type { Argument, Options } from './argument.ts'
import type { Choices } from './choices.ts'
import type { Candidate, GrowingGraph } from './growing-graph.ts'
import { hasElements, type Recipe, recipe, sometimes } from './recipe.ts'

/** A window that fits over spatial sizes, by its sizes and options. */
interface FittingWindow {
  readonly kernel: readonly number[]
  readonly options: Options
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
  const [floats = 'float32'] = graph.limits.dtypes
  return graph.leaf([choices.between(1, 2), ...spatial, choices.between(1, 4)], floats)
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

const depthwise: Recipe = (graph) => {
  const x = images(graph, 4)
  const { kernel, options } = fittingWindow(graph.choices, x.shape.slice(1, -1))
  const shape = [...kernel, x.shape.at(-1) ?? 1, graph.choices.between(1, 2)]
  return graph.apply('depthwiseConv2d', [x, graph.leaf(shape, x.dtype)], [options])
}

/** The gradient of a convolution as an op of its own. */
const transposed: Recipe = (graph) => {
  const { choices } = graph
  const rank = choices.pick([4, 3])
  const x = images(graph, rank)
  const spatial = x.shape.slice(1, -1)
  const kernel = spatial.map(() => choices.between(1, 3))
  const strides = spatial.map(() => choices.between(1, 3))
  const dilations = spatial.map(() => (choices.oneIn(4) ? 2 : 1))
  // What is cut off leaves an element at least.
  const cut = spatial.map((n) => [n > 1 ? choices.below(2) : 0, 0])
  const padding = choices.pick<Argument>(['valid', 'same', cut])
  const channels = x.shape.at(-1) ?? 1
  const groups = choices.oneIn(3) && channels <= 4 ? channels : 1
  const filters = graph.leaf([...kernel, choices.between(1, 3), channels], x.dtype)
  const outputPadding = strides.map((stride) => choices.below(stride))
  const extra = sometimes(choices, 3, { outputPadding })
  const op = rank === 4 ? 'convTranspose2d' : 'convTranspose1d'
  return graph.apply(op, [x, filters], [{ strides, dilations, padding, groups, ...extra }])
}

const pooling: Recipe = (graph) => {
  const { choices } = graph
  const rank = choices.pick([4, 3])
  const x = images(graph, rank)
  if (rank === 4 && choices.oneIn(6)) return graph.apply('globalAvgPool2d', [x])
  const { kernel, options } = fittingWindow(choices, x.shape.slice(1, -1))
  const isMean = choices.oneIn(2)
  const ops = isMean ? (['avgPool1d', 'avgPool2d'] as const) : (['maxPool1d', 'maxPool2d'] as const)
  const whole = isMean ? sometimes(choices, 3, { countIncludePad: true }) : {}
  return graph.apply(ops[rank - 3] ?? ops[1], [x], [{ ...options, poolSize: kernel, ...whole }])
}

const resize = recipe(
  (x) => x.shape.length === 4 && hasElements(x) && sizeOf(x.shape) <= 128,
  (x, graph, choices) => {
    const op = isFloat(x.dtype) && choices.oneIn(2) ? 'resizeBilinear' : 'resizeNearest'
    const size = [choices.between(1, 6), choices.between(1, 6)]
    const centres = choices.pick<Options>([{}, { alignCorners: true }, { halfPixelCenters: true }])
    return graph.apply(op, [x], [{ size, ...centres }])
  },
)

export const windowRecipes: readonly Recipe[] = [
  convolution,
  convolution,
  depthwise,
  transposed,
  pooling,
  pooling,
  resize,
]
