import type { DType } from '@tensorweft/core'
import type { Choices } from './choices.ts'
import { contractionRecipes } from './contraction-recipes.ts'
import { creationRecipes } from './creation-recipes.ts'
import { elementwiseRecipes } from './elementwise-recipes.ts'
import { type GraphLimits, GrowingGraph } from './growing-graph.ts'
import { indexingRecipes } from './indexing-recipes.ts'
import { joiningRecipes } from './joining-recipes.ts'
import { lossRecipes } from './loss-recipes.ts'
import { movementRecipes } from './movement-recipes.ts'
import { normalizationRecipes } from './normalization-recipes.ts'
import type { GraphProgram } from './program.ts'
import type { Recipe } from './recipe.ts'
import { reductionRecipes } from './reduction-recipes.ts'
import { windowRecipes } from './window-recipes.ts'

export const defaultLimits: GraphLimits = {
  maxRank: 6,
  maxElements: 512,
  maxNodes: 12,
  dtypes: ['float32', 'int32', 'bool', 'uint8'],
  specialsOneIn: 8,
}

const axisSizes = [2, 3, 1, 4, 5, 7, 8] as const

/** Groups of recipes; each is as likely as the next. */
const recipeGroups: readonly (readonly Recipe[])[] = [
  elementwiseRecipes,
  elementwiseRecipes,
  movementRecipes,
  joiningRecipes,
  reductionRecipes,
  contractionRecipes,
  windowRecipes,
  indexingRecipes,
  [...normalizationRecipes, ...lossRecipes],
  creationRecipes,
]

/** A random computation, the same for the same choices. */
export function generateGraph(choices: Choices, limits: GraphLimits = defaultLimits): GraphProgram {
  const graph = new GrowingGraph(choices, limits)
  graph.leaf(randomShape(choices, limits), leafDType(choices, limits.dtypes))
  const wanted = choices.between(1, limits.maxNodes)
  for (let n = 0; n < wanted; n++) {
    if (choices.oneIn(8))
      graph.leaf(randomShape(choices, limits), leafDType(choices, limits.dtypes))
    choices.pick(choices.pick(recipeGroups))(graph)
  }
  const [last, ...others] = graph.candidates()
  const extra = Array.from({ length: choices.below(3) }, () => choices.below(others.length))
  const chosen = [...new Set(extra)].flatMap((i) => others[i] ?? [])
  return graph.program(last === undefined ? [] : [last, ...chosen])
}

/** Mostly the first dtype. */
function leafDType(choices: Choices, dtypes: readonly DType[]): DType {
  return choices.oneIn(3) ? choices.pick(dtypes) : (dtypes[0] ?? 'float32')
}

function randomShape(choices: Choices, { maxRank, maxElements }: GraphLimits): number[] {
  const shape: number[] = []
  const rank = choices.below(maxRank + 1)
  let size = 1
  for (let axis = 0; axis < rank; axis++) {
    const n = choices.oneIn(40) ? 0 : choices.pick(axisSizes)
    const fits = size * n <= maxElements / 2
    shape.push(fits ? n : 1)
    size *= fits ? n : 1
  }
  return shape
}
