import type { Program } from '@tensorweft/core'

/** Which steps of a program are needed, and how long their registers are. */
export interface Liveness {
  readonly needed: readonly boolean[]
  /** Last step that reads the register of each step; Infinity for what is wanted at the end. */
  readonly lastUse: readonly number[]
  /** The step whose register each step shares: a bitcast has that of its argument. */
  readonly owner: readonly number[]
  /** Number of the last step that is needed. */
  readonly last: number
}

/** Where `roots` are the values that are wanted at the end. */
export function analyseLiveness(program: Program, roots: readonly number[]): Liveness {
  const owner = program.map((_, value) => value)
  program.forEach((step, value) => {
    const [arg] = step.op === 'apply' && step.instruction === 'bitcast' ? step.args : []
    if (arg !== undefined) owner[value] = owner[arg] ?? arg
  })
  const lastUse = program.map(() => -1)
  const use = (value: number, at: number) => {
    const register = owner[value] ?? value
    lastUse[value] = Math.max(lastUse[value] ?? -1, at)
    lastUse[register] = Math.max(lastUse[register] ?? -1, at)
  }
  for (const root of roots) use(root, Number.POSITIVE_INFINITY)
  for (let value = program.length - 1; value >= 0; value--) {
    const step = program[value]
    if ((lastUse[value] ?? -1) < 0) continue
    if (step?.op === 'gather') use(step.offset, value)
    if (step?.op === 'apply') for (const arg of step.args) use(arg, value)
  }
  const needed = lastUse.map((at) => at >= 0)
  return { needed, lastUse, owner, last: needed.lastIndexOf(true) }
}
