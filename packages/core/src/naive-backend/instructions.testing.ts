import { castNumber, type DType, isFloat } from '../dtype.ts'
import { float16Bits, float16Value } from '../float16.ts'
import type { Instruction, ScalarFunction } from '../ir/instruction.ts'

type Compute = (a: number, b: number, c: number) => number

/** What JavaScript's double arithmetic gives, before it is rounded to the dtype. */
const inDoubles: Readonly<Partial<Record<Instruction | ScalarFunction, Compute>>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  idiv: (a, b) => (b === 0 ? 0 : Math.floor(a / b)),
  mod: (a, b) => a - b * Math.floor(a / b),
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  lt: (a, b) => Number(a < b),
  eq: (a, b) => Number(a === b),
  where: (a, b, c) => (a === 0 ? c : b),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << b,
  shr: (a, b) => a >>> b,
  exp2: (a) => 2 ** a,
  log2: Math.log2,
  sin: Math.sin,
  sqrt: Math.sqrt,
  floor: Math.floor,
  trunc: Math.trunc,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  expm1: Math.expm1,
  tanh: Math.tanh,
  cos: Math.cos,
}

/** Where integers need more than the double that is nearest to the exact result. */
const inIntegers: Readonly<Partial<Record<Instruction | ScalarFunction, Compute>>> = {
  mul: Math.imul,
  mod: (a, b) => (b === 0 ? 0 : a - b * Math.floor(a / b)),
}

/** Overflowing integers wrap, floats round to the nearest. */
const fit: Readonly<Record<DType, (value: number) => number>> = {
  float32: Math.fround,
  float64: (value) => value,
  float16: (value) => float16Value(float16Bits(value)),
  int32: (value) => value | 0,
  uint8: (value) => value & 255,
  bool: (value) => Number(value !== 0),
}

/** The instruction of the contract as a function of numbers, rounded as a backend rounds. */
export function instructionFunction(
  instruction: Instruction | ScalarFunction,
  dtype: DType,
  from: DType = dtype,
): Compute {
  if (instruction === 'bitcast') return (a) => bitcast(a, dtype)
  if (instruction === 'cast') {
    const converts = isFloat(from) || isFloat(dtype) || dtype === 'bool'
    if (dtype === 'float16' || !converts) return fit[dtype]
    return (a) => castNumber(a, dtype)
  }
  const compute = (isFloat(from) ? undefined : inIntegers[instruction]) ?? inDoubles[instruction]
  if (compute === undefined) throw new TypeError(`no instruction ${instruction}`)
  const round = fit[dtype]
  return (a, b, c) => round(compute(a, b, c))
}

function bitcast(value: number, to: DType): number {
  const bits = new DataView(new ArrayBuffer(4))
  if (to === 'int32') {
    bits.setFloat32(0, value)
    return bits.getInt32(0)
  }
  bits.setInt32(0, value)
  return bits.getFloat32(0)
}
