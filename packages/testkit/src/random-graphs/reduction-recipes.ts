import { isFloat } from '@tensorweft/core'
import type { Options } from './argument.ts'
import type { GraphOp } from './graph-ops.ts'
import type { Candidate } from './growing-graph.ts'
import { shortAxis } from './indexing-recipes.ts'
import { hasAxes, isFloats, type Recipe, recipe, someAxes, sometimes } from './recipe.ts'

/** Over axes, with options. */
type Reduction = readonly [op: GraphOp, options?: Options]

const statistics: readonly Reduction[] = [
  ['sum'],
  ['mean'],
  ['max'],
  ['min'],
  ['norm'],
  ['norm', { ord: 1 }],
  ['norm', { ord: 3 }],
  ['norm', { ord: Number.POSITIVE_INFINITY }],
  ['variance'],
  ['variance', { correction: 1 }],
  ['std'],
]
const ofBools: readonly Reduction[] = [['any'], ['all'], ['sum'], ['mean'], ['max'], ['min']]

const reduce = recipe(hasAxes, (x, graph, choices) => {
  const axes = someAxes(choices, x.shape)
  const size = axes.reduce((n, axis) => n * (x.shape[axis] ?? 1), 1)
  const [op, options = {}] = choices.pick(reductionsOf(x, size))
  const keepDims = sometimes(choices, 3, { keepDims: true })
  return graph.apply(op, [x], [axes, { ...options, ...keepDims }])
})

/** The gradient of a product takes the square of the number of elements. */
function reductionsOf({ dtype }: Candidate, size: number): readonly Reduction[] {
  if (dtype === 'bool') return size === 0 ? ofBools.slice(0, 3) : ofBools
  const product: readonly Reduction[] = size <= shortAxis && dtype !== 'uint8' ? [['prod']] : []
  if (size === 0) return [['sum'], ['norm'], ...product]
  return [...statistics, ...(isFloat(dtype) ? ([['logSumExp']] as const) : []), ...product]
}

const position = recipe(hasAxes, (x, graph, choices) => {
  const axis = choices.below(x.shape.length)
  const options = sometimes(choices, 3, { keepDims: true })
  if (x.shape[axis] === 0) return undefined
  return graph.apply(choices.pick(['argMax', 'argMin']), [x], [axis, options])
})

const share = recipe(
  (x) => hasAxes(x) && isFloats(x),
  (x, graph, choices) => {
    const axis = choices.below(x.shape.length)
    const ops = ['softmax', 'logSoftmax', 'sparsemax'] as const
    return x.shape[axis] === 0 ? undefined : graph.apply(choices.pick(ops), [x], [axis])
  },
)

export const reductionRecipes: readonly Recipe[] = [reduce, reduce, position, share]
