import {
  BackendError,
  castNumber,
  type DType,
  type Instruction,
  isFloat,
  type ScalarFunction,
} from '@tensorweft/core'

type Compute = (a: number, b: number) => number

const floatBinary: Readonly<Partial<Record<Instruction, Compute>>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  mod: remainder,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
}

const floatUnary: Readonly<Partial<Record<Instruction | ScalarFunction, (x: number) => number>>> = {
  exp2: (x) => 2 ** x,
  log2: (x) => Math.log2(x),
  sin: (x) => Math.sin(x),
  cos: (x) => Math.cos(x),
  sqrt: (x) => Math.sqrt(x),
  floor: (x) => Math.floor(x),
  trunc: (x) => Math.trunc(x),
  exp: (x) => Math.exp(x),
  log: (x) => Math.log(x),
  log1p: (x) => Math.log1p(x),
  expm1: (x) => Math.expm1(x),
  tanh: (x) => Math.tanh(x),
}

const integerBinary: Readonly<Partial<Record<Instruction, (a: bigint, b: bigint) => bigint>>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  idiv: (a, b) => (b === 0n ? 0n : floorQuotient(a, b)),
  mod: (a, b) => (b === 0n ? 0n : a - b * floorQuotient(a, b)),
  max: (a, b) => (a > b ? a : b),
  min: (a, b) => (a < b ? a : b),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << b,
  shr: (a, b) => BigInt.asUintN(32, a) >> b,
}

function floorQuotient(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return quotient * b !== a && a < 0n !== b < 0n ? quotient - 1n : quotient
}

/** `a − b floor(a / b)` without the rounding of the quotient. */
function remainder(a: number, b: number): number {
  const rest = a % b
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest
}

/**
 * What the contract says that an instruction gives, in double precision for floats (and not yet
 * rounded), wrapped for integers.
 *
 * @param from dtype of the arguments (of the last one for `where`).
 * @param to dtype of the result.
 */
export function instructionValue(
  instruction: Instruction | ScalarFunction,
  from: DType,
  to: DType,
  args: readonly number[],
): number {
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = args
  switch (instruction) {
    case 'where':
      return a === 0 ? c : b
    case 'lt':
      return Number(a < b)
    case 'eq':
      return Number(a === b)
    case 'cast':
      return castValue(a, from, to)
    case 'bitcast':
      return bitcastValue(a, from)
    default:
      return isFloat(from)
        ? floatValue(instruction, a, b)
        : integerValue(instruction, from, BigInt(a), BigInt(Number.isNaN(b) ? 0 : b))
  }
}

function floatValue(instruction: Instruction | ScalarFunction, a: number, b: number): number {
  const unary = floatUnary[instruction]
  if (unary !== undefined) return unary(a)
  const binary = instruction in floatBinary ? floatBinary[asInstruction(instruction)] : undefined
  if (binary === undefined) throw undefinedFor(instruction, 'floats')
  return binary(a, b)
}

function integerValue(
  instruction: Instruction | ScalarFunction,
  dtype: DType,
  a: bigint,
  b: bigint,
): number {
  const compute = integerBinary[asInstruction(instruction)]
  if (compute === undefined) throw undefinedFor(instruction, dtype)
  return wrap(compute(a, b), dtype)
}

function asInstruction(instruction: Instruction | ScalarFunction): Instruction {
  return instruction as Instruction
}

function wrap(value: bigint, dtype: DType): number {
  if (dtype === 'int32') return Number(BigInt.asIntN(32, value))
  return dtype === 'uint8' ? Number(BigInt.asUintN(8, value)) : Number(value & 1n)
}

function castValue(value: number, from: DType, to: DType): number {
  if (isFloat(to)) return value
  return isFloat(from) || to === 'bool' ? castNumber(value, to) : wrap(BigInt(value), to)
}

function bitcastValue(value: number, from: DType): number {
  const view = new DataView(new ArrayBuffer(4))
  if (from === 'int32') {
    view.setInt32(0, value)
    return view.getFloat32(0)
  }
  view.setFloat32(0, value)
  return view.getInt32(0)
}

function undefinedFor(instruction: string, what: string): BackendError {
  return new BackendError('interpretPlan', {
    got: `the instruction ${instruction} on ${what}`,
    wanted: 'one that the contract defines for them',
  })
}
