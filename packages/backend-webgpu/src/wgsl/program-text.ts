import type { Program, Step, Store } from '@tensorweft/core'
import { type Counters, indexText, withinText } from './index-text.ts'
import { instructionText } from './instruction-text.ts'
import { scalarText } from './params.ts'
import { indent, type Shader } from './shader.ts'

/** Where a program is written: its loops' counters and the results of reductions before it. */
export interface Scope {
  readonly shader: Shader
  readonly counters: Counters
  /** Text of the result of a reduction. */
  reduced(reduction: number): string
}

/** Steps that read an operand. */
type ReadStep = Extract<Step, { op: 'load' | 'gather' }>

export function isRead(step: Step): step is ReadStep {
  return step.op === 'load' || step.op === 'gather'
}

/** Statements that compute all values of a program, and the names of the values. */
export interface ProgramText {
  readonly lines: readonly string[]
  readonly values: readonly string[]
}

/** Writes a program as one `let` per step; names start with `prefix`. */
export function programText(program: Program, scope: Scope, prefix = 'v'): ProgramText {
  const values = program.map((_, k) => `${prefix}${k}`)
  const lines = program.flatMap((step, k) => stepLines(step, program, values, k, scope))
  return { lines, values }
}

/** Statements that define value number `k` of a program; `values` names all. */
export function stepLines(
  step: Step,
  program: Program,
  values: readonly string[],
  k: number,
  scope: Scope,
): string[] {
  const { shader, counters, reduced } = scope
  const name = values[k] ?? ''
  const define = (text: string) => [`let ${name} = ${text};`]
  switch (step.op) {
    // A `let` keeps constants from being evaluated by WGSL's rules, where overflow is an error.
    case 'constant':
      return define(shader.constant(step.value, step.dtype))
    case 'scalar':
      return define(scalarText(step.scalar, step.dtype))
    case 'index':
      return define(`i32(${indexText(step.index, counters)})`)
    case 'inside':
      return define(withinText(step.within, counters))
    case 'reduced':
      return define(reduced(step.reduction))
    case 'load':
      return readLines(name, step, indexText(step.index, counters), scope)
    case 'gather': {
      const index = `${indexText(step.index, counters)} + ${values[step.offset] ?? ''}`
      return readLines(name, step, index, scope)
    }
    case 'apply': {
      const args = step.args.map((arg) => values[arg] ?? '')
      const typed = program[step.args[step.instruction === 'where' ? 1 : 0] ?? 0]
      const from = typed?.dtype ?? step.dtype
      return define(instructionText(step.instruction, from, step.dtype, args, shader.use))
    }
  }
}

/** Defines the element at `index`, or 0 where the ranges of the step do not hold. */
function readLines(
  name: string,
  { operand, dtype, within }: ReadStep,
  index: string,
  { shader, counters }: Scope,
): string[] {
  const condition = withinText(within, counters)
  const zero = shader.literal(0, dtype)
  if (condition === 'false') return [`let ${name} = ${zero};`]
  const read = shader.arrays.load(operand, index)
  if (condition === 'true') return [`let ${name} = ${read};`]
  // Written out: some compilers clear a variable without a value only once, not in each round.
  return [`var ${name} = ${zero};`, `if (${condition}) { ${name} = ${read}; }`]
}

/** Statements that store values of a program. */
export function storeLines(
  stores: readonly Store[],
  values: readonly string[],
  { shader, counters }: Scope,
): string[] {
  return stores.map(({ value, operand, index }) =>
    shader.arrays.store(operand, indexText(index, counters), values[value] ?? ''),
  )
}

/** Statements in a block of their own, so that names may repeat. */
export function block(lines: readonly string[]): string[] {
  return ['{', ...indent(lines), '}']
}
