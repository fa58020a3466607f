import { indicesOfProgram, type Program, type Step } from '@tensorweft/core'
import { axesOf } from '../loops/bounds.ts'

/** What instructions other than the simple ones cost: those they take, and cycles until the result. */
const costs: Readonly<Record<string, { readonly count: number; readonly latency: number }>> = {
  exp: { count: 18, latency: 55 },
  exp2: { count: 16, latency: 50 },
  expm1: { count: 20, latency: 60 },
  log: { count: 30, latency: 80 },
  log2: { count: 30, latency: 80 },
  log1p: { count: 40, latency: 110 },
  tanh: { count: 30, latency: 90 },
  sin: { count: 50, latency: 110 },
  cos: { count: 50, latency: 110 },
  div: { count: 3, latency: 12 },
  sqrt: { count: 3, latency: 14 },
  idiv: { count: 15, latency: 40 },
  mod: { count: 20, latency: 45 },
}

const simple = { count: 1, latency: 4 }
const nothing = { count: 0, latency: 0 }

export function costOf(step: Step): { readonly count: number; readonly latency: number } {
  if (step.op === 'apply') return costs[step.instruction] ?? simple
  return step.op === 'load' || step.op === 'gather' ? simple : nothing
}

/** Numbers of the steps that a step is computed from. */
export function argumentsOf(step: Step): readonly number[] {
  if (step.op === 'apply') return step.args
  return step.op === 'gather' ? [step.offset] : []
}

/** A step with other numbers of arguments. */
export function renumber(step: Step, number: (arg: number) => number): Step {
  if (step.op === 'apply') return { ...step, args: step.args.map(number) }
  return step.op === 'gather' ? { ...step, offset: number(step.offset) } : step
}

/** Which values of a program may change along some axes. */
export function dependents(program: Program, axes: readonly number[]): boolean[] {
  const result: boolean[] = []
  for (const step of program) {
    const own = indicesOfProgram([step]).flatMap(axesOf)
    const isOwn = own.some((axis) => axes.includes(axis))
    result.push(isOwn || argumentsOf(step).some((arg) => result[arg] === true))
  }
  return result
}
