import type { IndexData, Program, Stage, Step, Store } from '@tensorweft/core'
import { argumentsOf, costOf, dependents, renumber } from './step-cost.ts'
import { ValueNumbers } from './value-numbers.ts'

/** An array of its own in which stages keep values at the points of the reduced axes. */
export interface KeptArray {
  readonly operand: number
  readonly reduced: readonly number[]
  /** Number of a point. */
  readonly index: IndexData
  readonly points: number
}

/** Steps that a store and a load must save. */
const leastCost = 5

/** The stage and the step where a value is first computed. */
interface Origin {
  readonly stage: number
  readonly step: number
  /** Number among the kept values, once it is kept. */
  place: number | undefined
}

/**
 * Lets stages over all axes read what earlier ones have computed, where that is cheaper than to
 * compute it again, and drops stages of which nothing is left. `slotOf` names the memory of an
 * operand. Returns the number of values kept.
 */
export function keepValues(
  stages: readonly Stage[],
  array: KeptArray,
  slotOf: (operand: number) => number | undefined,
): { readonly stages: readonly Stage[]; readonly values: number } {
  const origins = originsOf(stages, slotOf)
  const kept: Origin[] = []
  const result: Stage[] = []
  // From the last stage on: what a stage keeps for later ones, it has to compute itself.
  for (let number = stages.length - 1; number >= 0; number--) {
    const stage = stages[number]
    if (stage === undefined) continue
    const own = kept.filter((origin) => origin.stage === number)
    const stores = own.map(({ step, place = 0 }): Store => {
      return { value: step, operand: array.operand, index: placed(array, place) }
    })
    const full = { ...stage, stores: [...stage.stores, ...stores] }
    const program = readKept(full, array, (step) => {
      const origin = origins[number]?.[step]
      if (origin === undefined || origin.stage === number) return undefined
      origin.place ??= kept.push(origin) - 1
      return origin.place
    })
    const small = withoutUnused({ ...full, program })
    if (small.stores.length > 0 || small.reductions.length > 0) result.unshift(small)
  }
  return { stages: result, values: kept.length }
}

/** For the steps of stages over all axes, where their values are first computed. */
function originsOf(
  stages: readonly Stage[],
  slotOf: (operand: number) => number | undefined,
): (readonly Origin[])[] {
  const numbers = new ValueNumbers(slotOf)
  const origins = new Map<number, Origin>()
  return stages.map((stage, k) => {
    const values = numbers.next(stage)
    if (stage.over !== 'all') return []
    return values.map((value, step) => {
      const origin = origins.get(value) ?? { stage: k, step, place: undefined }
      origins.set(value, origin)
      return origin
    })
  })
}

/** Where a kept value is. */
function placed({ index, points }: KeptArray, place: number): IndexData {
  return { ...index, constant: index.constant + place * points }
}

/** The program of a stage with loads in the place of values that are kept. */
function readKept(
  { program, reductions, stores }: Stage,
  array: KeptArray,
  placeOf: (step: number) => number | undefined,
): Program {
  const varying = dependents(program, array.reduced)
  const result: Step[] = [...program]
  const visited = new Set<number>()
  const visit = (number: number): void => {
    const step = program[number]
    if (step === undefined || visited.has(number)) return
    visited.add(number)
    const isDear = varying[number] === true && coneCost(program, varying, number) >= leastCost
    const place = isDear ? placeOf(number) : undefined
    if (place === undefined) for (const arg of argumentsOf(step)) visit(arg)
    else {
      const { operand } = array
      const { dtype } = step
      result[number] = { op: 'load', dtype, operand, index: placed(array, place), within: [] }
    }
  }
  for (const { value } of [...reductions, ...stores]) visit(value)
  return result
}

/** What it takes at each point to compute a value from memory. */
function coneCost(program: Program, varying: readonly boolean[], root: number): number {
  const cone = new Set<number>()
  const visit = (number: number): number => {
    const step = program[number]
    if (step === undefined || varying[number] !== true || cone.has(number)) return 0
    cone.add(number)
    return argumentsOf(step).reduce((sum, arg) => sum + visit(arg), costOf(step).count)
  }
  return visit(root)
}

/** A stage without the steps that nothing depends on. */
function withoutUnused(stage: Stage): Stage {
  const { program, reductions, stores } = stage
  const isUsed = program.map(() => false)
  for (const { value } of [...reductions, ...stores]) isUsed[value] = true
  for (let number = program.length - 1; number >= 0; number--) {
    const step = program[number]
    if (step === undefined || isUsed[number] !== true) continue
    for (const arg of argumentsOf(step)) isUsed[arg] = true
  }
  return selectSteps(stage, isUsed)
}

/** A stage with some of its steps: all that the others depend on. */
export function selectSteps(stage: Stage, isSelected: readonly boolean[]): Stage {
  const numbers: number[] = []
  let count = 0
  for (const selected of isSelected) numbers.push(selected ? count++ : -1)
  const numberOf = (step: number) => numbers[step] ?? -1
  return {
    over: stage.over,
    program: stage.program.flatMap((step, k) =>
      isSelected[k] === true ? [renumber(step, numberOf)] : [],
    ),
    reductions: stage.reductions.map((it) => ({ ...it, value: numberOf(it.value) })),
    stores: stage.stores.map((store) => ({ ...store, value: numberOf(store.value) })),
  }
}
