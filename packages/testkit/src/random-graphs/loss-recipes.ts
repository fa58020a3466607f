import type { Options } from './argument.ts'
import type { GraphOp } from './graph-ops.ts'
import { isFloats, type Recipe, recipe, sometimes, twinOf } from './recipe.ts'

/** A loss, and what brings each of its inputs to where it is defined. */
interface Loss {
  readonly op: GraphOp
  readonly inputs: readonly GraphOp[]
  readonly options?: Options
}

const losses: readonly Loss[] = [
  { op: 'meanSquaredError', inputs: ['identity', 'identity'] },
  { op: 'meanAbsoluteError', inputs: ['identity', 'identity'] },
  { op: 'huber', inputs: ['identity', 'identity'], options: { delta: 0.5 } },
  { op: 'logCosh', inputs: ['identity', 'identity'] },
  { op: 'hinge', inputs: ['identity', 'sign'] },
  { op: 'softmaxCrossEntropy', inputs: ['identity', 'softmax'] },
  { op: 'softmaxCrossEntropy', inputs: ['identity', 'sigmoid'], options: { labelSmoothing: 0.25 } },
  { op: 'sigmoidCrossEntropy', inputs: ['identity', 'sigmoid'], options: { labelSmoothing: 0.25 } },
  { op: 'klDivergence', inputs: ['softmax', 'softmax'] },
  { op: 'poisson', inputs: ['softplus', 'abs'] },
  { op: 'gaussianNll', inputs: ['identity', 'softplus', 'identity'], options: { full: true } },
  { op: 'cosineSimilarity', inputs: ['identity', 'identity'] },
  { op: 'tripletMargin', inputs: ['identity', 'identity', 'identity'], options: { margin: 2 } },
]

const reductions = ['none', 'mean', 'sum'] as const

/** A last axis with elements, which some need. */
const hasClasses = ({ shape }: { readonly shape: readonly number[] }) => (shape.at(-1) ?? 0) > 0

const loss = recipe(
  (x) => hasClasses(x) && isFloats(x),
  (x, graph, choices) => {
    const { op, inputs, options } = choices.pick(losses)
    const given = inputs.map((preparation, i) => {
      const input = i === 0 ? x : twinOf(graph, x.shape, x.dtype)
      return preparation === 'identity' ? input : (graph.apply(preparation, [input]) ?? input)
    })
    return graph.apply(op, given, [{ reduction: choices.pick(reductions), ...options }])
  },
)

const ofClassNumbers = recipe(
  (x) => hasClasses(x) && isFloats(x),
  (x, graph, choices) => {
    const labels = graph.positions(x.shape.slice(0, -1), x.shape.at(-1) ?? 1)
    const options = sometimes(choices, 3, { labelSmoothing: 0.25 })
    const reduction = choices.pick(reductions)
    return graph.apply('sparseSoftmaxCrossEntropy', [x, labels], [{ reduction, ...options }])
  },
)

export const lossRecipes: readonly Recipe[] = [loss, loss, loss, ofClassNumbers]
