import type { Kernel } from '@tensorweft/core'
import { PlanBuilder, type PlanCase } from './plan-builder.ts'
import { Random } from './random.ts'
import { randomLoops } from './random-loops.ts'
import type { RandomKernelContext, RandomKernelOptions } from './random-options.ts'
import { randomContraction, randomSumOfProducts } from './random-products.ts'
import { randomScan, randomScatter, randomSort } from './random-walks.ts'

/** What a random kernel does: `loops` are of the kinds map, reduce and row. */
export type RandomKind = 'loops' | 'sum of products' | 'contract' | 'scan' | 'sort' | 'scatter'

const makers: Readonly<Record<RandomKind, (context: RandomKernelContext) => Kernel>> = {
  loops: randomLoops,
  'sum of products': randomSumOfProducts,
  contract: randomContraction,
  scan: randomScan,
  sort: randomSort,
  scatter: randomScatter,
}

/** All kinds of random kernels. */
export const randomKinds: readonly RandomKind[] = Object.keys(makers) as RandomKind[]

/**
 * Adds a random kernel to a plan, with arrays of its own: random axes, programs, padding, strides
 * and orders of memory, conditions, gathers and casts. Integers wrap, and floats are integers that
 * float32 holds whatever the order of operations is, so that every backend has to give the same
 * numbers.
 *
 * @param seed The same kernel comes of the same seed and options; the label says it.
 * @throws ArgumentError if no dtype of the options is one that the kind computes with.
 * @example
 * ```ts
 * // Many kernels in one plan.
 * const builder = new PlanBuilder()
 * for (let seed = 0; seed < 20; seed++) addRandomKernel(builder, 'contract', seed)
 * const { plan, inputs, scalars } = builder.build()
 * const got = await runPlan(cpu(), plan, inputs, scalars)
 * console.log(outputDifferences(plan, got, interpretPlan(plan, inputs, scalars))) // []
 * ```
 */
export function addRandomKernel(
  plan: PlanBuilder,
  kind: RandomKind,
  seed: number,
  options: RandomKernelOptions = {},
): void {
  const label = `${kind}, seed ${seed}`
  plan.add(makers[kind]({ plan, random: new Random(seed), options, label }))
}

/**
 * A plan of one random kernel, with what to run it on, see `addRandomKernel`.
 *
 * @example
 * ```ts
 * const { plan, inputs, scalars } = randomCase('loops', 7, { dtypes: ['float32'], specials: false })
 * const got = await runPlan(cpu(), plan, inputs, scalars)
 * console.log(outputDifferences(plan, got, interpretPlan(plan, inputs, scalars))) // []
 * ```
 */
export function randomCase(
  kind: RandomKind,
  seed: number,
  options: RandomKernelOptions = {},
): PlanCase {
  const builder = new PlanBuilder()
  addRandomKernel(builder, kind, seed, options)
  return builder.build()
}
