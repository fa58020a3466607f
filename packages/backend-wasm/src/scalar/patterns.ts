import type { Program, Step } from '@tensorweft/core'
import { f32x4, i32x4, v128 } from '../assembler/index.ts'
import { expOfNegative } from './exp.ts'
import { multiplySubtract } from './fused.ts'
import type { LocalSource, Vector, VectorLocal } from './vector.ts'

type ApplyStep = Extract<Step, { op: 'apply' }>
type ReadValue = (step: number) => VectorLocal

/** A program, and what is known of its values. */
export interface KnownProgram {
  readonly program: Program
  /** Whether a value is the largest of a row of values, to which another one belongs. */
  isMaximum(value: number, of: number): boolean
}

/** Steps that together are better rendered as one thing; undefined for all others. */
export function renderPattern(
  f: LocalSource,
  known: KnownProgram,
  step: ApplyStep,
  read: ReadValue,
): Vector | undefined {
  if (step.dtype !== 'float32') return undefined
  switch (step.instruction) {
    case 'where':
      return magnitude(known.program, step, read)
    case 'mul':
      return negation(known.program, step, read)
    case 'exp':
      return isAtMostZero(known, step.args[0])
        ? expOfNegative(f, read(step.args[0] ?? -1))
        : undefined
    case 'div':
      return logistic(f, known, step, read)
    default:
      return undefined
  }
}

/** `−1 · x` is cheaper as a change of sign. */
function negation(program: Program, step: ApplyStep, read: ReadValue): Vector | undefined {
  const [of = -1, factor = -1] = step.args
  return isConstant(program, factor, -1) ? f32x4.neg(read(of)) : undefined
}

/** The x of `where(x < 0, x, −x)`, or of `where(x < 0, −x, x)`. */
function signTest(program: Program, { args }: ApplyStep, isMinus: boolean): number | undefined {
  const [condition = -1, a = -1, b = -1] = args
  const test = applied(program, condition, 'lt')
  if (test === undefined || !isConstant(program, test[1], 0)) return undefined
  const [of] = test
  const [plain, negated] = isMinus ? [a, b] : [b, a]
  return plain === of && isNegated(program, negated, of) ? of : undefined
}

/** Both take one instruction: −|x| and |x|. */
function magnitude(program: Program, step: ApplyStep, read: ReadValue): Vector | undefined {
  const minus = signTest(program, step, true)
  if (minus !== undefined) return v128.or(read(minus), i32x4.constSplat(-(2 ** 31)))
  const plain = signTest(program, step, false)
  return plain === undefined ? undefined : f32x4.abs(read(plain))
}

/**
 * Whether a value is known to be 0 or negative, or NaN: x less the largest of its row, −|x|, −√x, −x²,
 * and multiples of them.
 */
function isAtMostZero(known: KnownProgram, number = -1): boolean {
  const { program } = known
  const step = program[number]
  if (step?.op !== 'apply') return false
  if (step.instruction === 'where') return signTest(program, step, true) !== undefined
  const difference = applied(program, number, 'sub')
  if (difference !== undefined) return known.isMaximum(difference[1], difference[0])
  const [a, b] = applied(program, number, 'mul') ?? [-1, -1]
  const factor = program[b]
  const isNegative = factor?.op === 'constant' && factor.value <= 0
  return isNegative
    ? isAtLeastZero(program, a)
    : isAtLeastZero(program, b) && isAtMostZero(known, a)
}

function isAtLeastZero(program: Program, number: number): boolean {
  const step = program[number]
  if (step?.op === 'constant') return step.value >= 0
  if (step?.op !== 'apply') return false
  const [a = -1, b = -1] = step.args
  const isSquare = step.instruction === 'mul' && a === b
  return isSquare || step.instruction === 'sqrt' || step.instruction === 'exp'
}

/**
 * The logistic function `where(x < 0, e, 1) / (e + 1)` with e = e^−|x|. The quotient is made up for
 * what the sum lost in rounding, which keeps it within 2 ulp.
 */
function logistic(
  f: LocalSource,
  known: KnownProgram,
  { args: [a = -1, b = -1] }: ApplyStep,
  read: ReadValue,
): Vector | undefined {
  const { program } = known
  const [e, one] = applied(program, b, 'add') ?? [-1, -1]
  const above = program[a]
  if (!isConstant(program, one, 1) || above?.op !== 'apply') return undefined
  const [, chosen, other = -1] = above.args
  if (above.instruction !== 'where' || chosen !== e || !isConstant(program, other, 1)) {
    return undefined
  }
  const sum = read(b)
  const quotient = f.local('v128', f32x4.div(read(a), sum))
  const lost = f32x4.add(f32x4.sub(f32x4.constSplat(1), sum), read(e))
  const power = program[e]
  const isPower = power?.op === 'apply' && power.instruction === 'exp'
  const isKnown = isPower && isAtMostZero(known, power.args[0])
  // Of any other e it has to be seen that it is at most 1.
  const small = () => v128.and(lost, f32x4.le(sum, f32x4.constSplat(2)))
  return multiplySubtract(quotient, isKnown ? lost : small(), quotient)
}

/** The arguments of an instruction of two, if a step is one. */
function applied(program: Program, number: number, name: string): [number, number] | undefined {
  const step = program[number]
  if (step?.op !== 'apply' || step.instruction !== name) return undefined
  const [a = -1, b = -1] = step.args
  return [a, b]
}

function isNegated(program: Program, number: number, of: number): boolean {
  const args = applied(program, number, 'mul')
  return args !== undefined && args[0] === of && isConstant(program, args[1], -1)
}

function isConstant(program: Program, number: number, value: number): boolean {
  const step = program[number]
  return step?.op === 'constant' && step.value === value
}
