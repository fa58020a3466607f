import { type DType, isFloat } from '@tensorweft/core'
import type { GraphOp } from './graph-ops.ts'
import type { Candidate, GrowingGraph } from './growing-graph.ts'
import type { Recipe } from './movement-recipes.ts'

const reduce: Recipe = (graph) => {
  const x = graph.pick(({ shape, dtype }) => shape.length > 0 && dtype !== 'uint8')
  if (x === undefined) return undefined
  const { choices } = graph
  const axes = someAxes(graph, x)
  const isEmpty = axes.some((axis) => x.shape[axis] === 0)
  const op = choices.pick(reductionsOf(x.dtype, isEmpty))
  return graph.apply(op, [x], [axes, choices.oneIn(3) ? { keepDims: true } : {}])
}

function reductionsOf(dtype: DType, isEmpty: boolean): GraphOp[] {
  if (isEmpty) return ['sum']
  if (dtype === 'bool') return ['sum', 'max', 'min', 'mean']
  return isFloat(dtype) ? ['sum', 'mean', 'max', 'min', 'logSumExp'] : ['sum', 'mean', 'max', 'min']
}

/** At least one axis, not in order. */
function someAxes(graph: GrowingGraph, x: Candidate): number[] {
  const { choices } = graph
  const axes = choices.shuffled(x.shape.map((_, axis) => axis).reverse())
  return axes.slice(0, choices.between(1, axes.length))
}

const alongAxis: Recipe = (graph) => {
  const x = graph.pick(({ shape, dtype }) => shape.length > 0 && dtype !== 'bool')
  if (x === undefined) return undefined
  const axis = graph.choices.below(x.shape.length)
  if (x.shape[axis] === 0) return undefined
  const ops: GraphOp[] = isFloat(x.dtype) ? ['softmax', 'logSoftmax', 'argMax'] : ['argMax']
  return graph.apply(graph.choices.pick(ops), [x], [axis])
}

const matmul: Recipe = (graph) => {
  const a = graph.pick(({ shape, dtype }) => shape.length > 0 && isFloat(dtype))
  if (a === undefined) return undefined
  return graph.apply('matmul', [a, rightOperand(graph, a)])
}

function rightOperand(graph: GrowingGraph, a: Candidate): Candidate {
  const { choices } = graph
  const k = a.shape.at(-1) ?? 1
  const existing = graph.candidates(
    ({ shape, dtype }) => dtype === a.dtype && shape.length <= 2 && shape.at(-2) === k,
  )
  if (existing.length > 0 && choices.oneIn(2)) return choices.pick(existing)
  const own = [...a.shape.keys()].slice(0, -2).concat(a.shape.length - 1)
  if (a.shape.length > 1 && choices.oneIn(3)) {
    const swapped = [...own.slice(0, -1), a.shape.length - 1, a.shape.length - 2]
    const transposed = graph.apply('transpose', [a], [swapped])
    if (transposed !== undefined) return transposed
  }
  if (choices.oneIn(4)) return graph.leaf([k], a.dtype)
  const batch = a.shape.slice(0, -2).map((n) => (choices.oneIn(3) ? 1 : n))
  return graph.leaf(
    [...batch.slice(choices.below(batch.length + 1)), k, choices.between(1, 5)],
    a.dtype,
  )
}

/**
 * A contraction written as products and a sum: factors over any of the axes of a common space, some
 * of which are summed.
 */
const sumOfProducts: Recipe = (graph) => {
  const a = graph.pick(({ shape, dtype }) => isFloat(dtype) && shape.length < graph.limits.maxRank)
  if (a === undefined) return undefined
  const { choices } = graph
  const space = [...a.shape, choices.between(2, 5)]
  let product = graph.apply('expandDims', [a], [a.shape.length])
  for (let factors = choices.between(1, 2); product !== undefined && factors > 0; factors--) {
    const factor = graph.leaf(
      space.map((size) => (choices.oneIn(2) ? 1 : size)),
      a.dtype,
    )
    product = graph.apply('mul', [product, factor])
  }
  return product && graph.apply('sum', [product], [someAxes(graph, product), {}])
}

const oneHot: Recipe = (graph) => {
  const labels = graph.pick(
    ({ shape, dtype }) => dtype === 'int32' && shape.length < graph.limits.maxRank,
  )
  return labels && graph.apply('oneHot', [labels], [graph.choices.between(1, 4)])
}

export const reductionRecipes: readonly Recipe[] = [reduce, alongAxis, oneHot]
export const contractionRecipes: readonly Recipe[] = [matmul, sumOfProducts]
