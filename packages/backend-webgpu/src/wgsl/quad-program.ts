import type { Program, Step, Store } from '@tensorweft/core'
import { withinText } from './index-text.ts'
import { isRead, type Scope, stepLines } from './program-text.ts'
import {
  isConditionStill,
  movementOf,
  pointCounterLines,
  pointCounters,
  type Quads,
  quarterText,
} from './quads.ts'
import { indent } from './shader.ts'

/** Statements that compute a program at four points, and the names of each value there. */
export interface QuadText {
  readonly lines: readonly string[]
  readonly values: readonly (readonly string[])[]
}

type Movements = 'once' | 'neighbours' | 'each'

/** The result of a reduction at one of four rows. */
export type ReducedAt = (reduction: number, point: number) => string

/**
 * Writes a program for the four points of a quad: what is the same at all of them once, neighbours
 * as one load, the rest four times, step by step, so that loads come early. Results of reductions
 * are the same unless `reducedAt` says otherwise.
 */
export function quadProgramText(
  program: Program,
  scope: Scope,
  quads: Quads,
  reducedAt?: ReducedAt,
): QuadText {
  const movements = movementsOf(program, scope.counters.sizes, quads, reducedAt !== undefined)
  const values = movements.map((movement, k) =>
    points.map((point) => (movement === 'once' ? `v${k}` : `v${k}_${point}`)),
  )
  const namesAt = points.map((point) => values.map((names) => names[point] ?? ''))
  const scopes = points.map((point) => ({
    ...scope,
    counters: pointCounters(scope.counters, quads, point),
    reduced: (reduction: number) => reducedAt?.(reduction, point) ?? scope.reduced(reduction),
  }))
  const [firstScope = scope] = scopes
  const lines = program.flatMap((step, k) => {
    const movement = movements[k]
    const names = namesAt[0] ?? []
    if (movement === 'once') return stepLines(step, program, names, k, firstScope)
    if (movement === 'neighbours' && isRead(step)) return fourLines(step, k, names, scope, quads)
    return points.flatMap((point) =>
      stepLines(step, program, namesAt[point] ?? [], k, scopes[point] ?? scope),
    )
  })
  const counts = program.some((step, k) => countsPoints(step, movements[k]))
  const counters = counts ? pointCounterLines(scope.counters.sizes, quads) : []
  return { lines: [...counters, ...lines], values }
}

const points = [0, 1, 2, 3] as const

/** Whether a step may need the counters of single points, if only those of the first. */
function countsPoints(step: Step, movement: Movements | undefined): boolean {
  const isConditional = (isRead(step) || step.op === 'inside') && step.within.length > 0
  const isComputed = step.op === 'apply' || step.op === 'reduced'
  return isConditional || (movement === 'each' && !isComputed)
}

/** How each step moves over the points of a four. */
function movementsOf(
  program: Program,
  sizes: readonly number[],
  quads: Quads,
  isReducedEach = false,
): Movements[] {
  const movements: Movements[] = []
  const isOnce = (value: number) => movements[value] === 'once'
  const movementOfStep = (step: Step): Movements => {
    switch (step.op) {
      case 'constant':
      case 'scalar':
        return 'once'
      case 'reduced':
        return isReducedEach ? 'each' : 'once'
      case 'apply':
        return step.args.every(isOnce) ? 'once' : 'each'
      case 'index':
        return movementOf(step.index, sizes, quads) === 'still' ? 'once' : 'each'
      case 'inside':
        return isConditionStill(step.within, sizes, quads) ? 'once' : 'each'
      case 'load':
      case 'gather': {
        if (!isConditionStill(step.within, sizes, quads)) return 'each'
        if (step.op === 'gather' && !isOnce(step.offset)) return 'each'
        const movement = movementOf(step.index, sizes, quads)
        if (movement !== 'neighbours') return movement === 'still' ? 'once' : 'each'
        const isAligned = step.op === 'load' || isMultipleOfFour(program, step.offset)
        return isAligned ? 'neighbours' : 'each'
      }
    }
  }
  for (const step of program) movements.push(movementOfStep(step))
  return movements
}

/** Whether a value is a product with a constant multiple of four: the start of a row, say. */
function isMultipleOfFour(program: Program, value: number): boolean {
  const step = program[value]
  if (step?.op === 'constant') return step.value % 4 === 0
  const isProduct = step?.op === 'apply' && step.instruction === 'mul'
  return isProduct && step.args.some((arg) => isMultipleOfFour(program, arg))
}

/** One load of four neighbours, and each as a value. */
function fourLines(
  step: Extract<Step, { op: 'load' | 'gather' }>,
  k: number,
  names: readonly string[],
  { shader, counters }: Scope,
  quads: Quads,
): string[] {
  const { operand } = step
  const { arrays } = shader
  const condition = withinText(step.within, pointCounters(counters, quads, 0))
  const four = `four${k}`
  const quarter = quarterText(step.index, counters, quads)
  const offset = step.op === 'gather' ? ` + (${names[step.offset]} >> 2u)` : ''
  const load = arrays.loadFour(operand, `${quarter}${offset}`)
  const lines =
    condition === 'true'
      ? [`let ${four} = ${load};`]
      : [
          `var ${four} = ${arrays.noFour(operand)};`,
          `if (${condition}) {`,
          ...indent([`${four} = ${load};`]),
          '}',
        ]
  return [
    ...lines,
    ...points.map((point) => `let v${k}_${point} = ${arrays.fourth(operand, four, point)};`),
  ]
}

/** Statements that store the values of a four, or the first `count` of them. */
export function quadStoreLines(
  stores: readonly Store[],
  values: QuadText['values'],
  { shader: { arrays }, counters }: Scope,
  quads: Quads,
  count?: string,
): string[] {
  return stores.flatMap(({ value, operand, index }) => {
    const quarter = quarterText(index, counters, quads)
    const four = values[value] ?? []
    return count === undefined
      ? arrays.storeFour(operand, quarter, four)
      : arrays.storeSome(operand, quarter, four, count)
  })
}

/** Operands that a program reads in fours. */
export function quadReads(program: Program, sizes: readonly number[], quads: Quads): number[] {
  const movements = movementsOf(program, sizes, quads)
  return program.flatMap((step, k) =>
    isRead(step) && movements[k] === 'neighbours' ? [step.operand] : [],
  )
}
