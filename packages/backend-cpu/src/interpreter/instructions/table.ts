import { BackendError, type DType, type Step } from '@tensorweft/core'
import { boolLoops } from './bool.ts'
import { casts } from './casts.ts'
import { float32Loops } from './float32.ts'
import { float64Loops } from './float64.ts'
import { int32Loops } from './int32.ts'
import type { Loop, LoopTable } from './loop.ts'
import { uint8Loops } from './uint8.ts'

export type ApplyStep = Extract<Step, { op: 'apply' }>

const tables: Readonly<Partial<Record<DType, LoopTable>>> = {
  float32: float32Loops,
  float64: float64Loops,
  int32: int32Loops,
  uint8: uint8Loops,
  bool: boolLoops,
}

const argumentCounts: Readonly<Record<string, number>> = {
  where: 3,
  exp2: 1,
  log2: 1,
  sin: 1,
  sqrt: 1,
  floor: 1,
  trunc: 1,
  exp: 1,
  log: 1,
  log1p: 1,
  expm1: 1,
  tanh: 1,
  cos: 1,
  cast: 1,
  bitcast: 1,
}

function refuse(step: ApplyStep, args: readonly DType[]): never {
  throw new BackendError('cpu.compile', {
    got: `the step ${step.instruction}(${args.join(', ')}) → ${step.dtype}`,
    wanted: 'an instruction on dtypes that it takes',
    hint: 'the table beside `instructions` in @tensorweft/core lists them',
  })
}

/** The loop of a step whose arguments have the dtypes `args`. Bitcasts have none. */
export function loopOf(step: ApplyStep, args: readonly DType[]): Loop {
  const { instruction, dtype } = step
  const [first, second, third] = args
  if (first === undefined || args.length !== (argumentCounts[instruction] ?? 2)) {
    return refuse(step, args)
  }
  if (instruction === 'cast') return casts[first]?.[dtype] ?? refuse(step, args)
  const loop = tables[instruction === 'where' ? dtype : first]?.[instruction]
  const fits =
    instruction === 'where'
      ? first === 'bool' && second === dtype && third === dtype
      : dtype === (instruction === 'lt' || instruction === 'eq' ? 'bool' : first) &&
        args.every((arg) => arg === first)
  return loop !== undefined && fits ? loop : refuse(step, args)
}
