import type { Candidate, GrowingGraph } from './growing-graph.ts'
import { hasAxes, isArithmetic, isFloats, type Recipe, recipe, someAxes, twinOf } from './recipe.ts'

const matmul = recipe(
  (x) => hasAxes(x) && isArithmetic(x),
  (a, graph) => graph.apply('matmul', [a, rightOperand(graph, a)]),
)

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
const sumOfProducts = recipe(isFloats, (a, graph, choices) => {
  if (a.shape.length >= graph.limits.maxRank) return undefined
  const space = [...a.shape, choices.between(2, 5)]
  let product = graph.apply('expandDims', [a], [a.shape.length])
  for (let factors = choices.between(1, 2); product !== undefined && factors > 0; factors--) {
    const factor = graph.leaf(
      space.map((size) => (choices.oneIn(2) ? 1 : size)),
      a.dtype,
    )
    product = graph.apply('mul', [product, factor])
  }
  return product && graph.apply('sum', [product], [someAxes(choices, product.shape), {}])
})

/** Labels for the axes of a node, equal ones only for equal sizes; another factor; any result. */
const einsum = recipe(
  (x) => hasAxes(x) && isArithmetic(x),
  (a, graph, choices) => {
    const sizes = new Map<string, number>()
    const labels = a.shape.map((n, axis) => {
      const same = [...sizes.keys()].find((name) => sizes.get(name) === n)
      const name = same !== undefined && choices.oneIn(3) ? same : 'abcdefgh'.charAt(axis)
      sizes.set(name, n)
      return name
    })
    sizes.set('z', choices.between(1, 4))
    const known = choices.shuffled([...sizes.keys()])
    const own = known.slice(0, choices.below(Math.min(known.length, graph.limits.maxRank) + 1))
    const shape = own.map((name) => sizes.get(name) ?? 1)
    const factors = Array.from({ length: choices.between(1, 2) }, () =>
      twinOf(graph, shape, a.dtype),
    )
    const result = choices.shuffled([...new Set([...labels, ...own])])
    const output = result.slice(0, choices.below(Math.min(result.length, 4) + 1))
    const terms = [labels, ...factors.map(() => own)].map((term) => term.join(''))
    return graph.apply('einsum', [a, ...factors], [`${terms.join(',')}->${output.join('')}`])
  },
)

const vectorProduct = recipe(
  (x) => x.shape.length === 1 && isArithmetic(x),
  (a, graph, choices) =>
    graph.apply(choices.pick(['outer', 'dot']), [a, twinOf(graph, a.shape, a.dtype)]),
)

export const contractionRecipes: readonly Recipe[] = [
  matmul,
  matmul,
  sumOfProducts,
  einsum,
  vectorProduct,
]
