import { BackendError, type Combiner, type DType, type Step } from '@tensorweft/core'
import { type ValueDType, valueDType } from './value-type.ts'

type Instruction = Extract<Step, { op: 'apply' }>['instruction']

/** Names a function of the library as used and returns its name. */
export type Use = (name: string) => string

/** An instruction on values of `from` (the dtype of the arguments that it works on). */
export function instructionText(
  instruction: Instruction,
  from: DType,
  to: DType,
  args: readonly string[],
  use: Use,
): string {
  const [a = '', b = '', c = ''] = args
  if (instruction === 'where') return `select(${c}, ${b}, ${a})`
  if (instruction === 'cast') return castText(valueDType(from), valueDType(to), a, use)
  if (instruction === 'bitcast') return `bitcast<${to === 'int32' ? 'i32' : 'f32'}>(${a})`
  const text = tables[valueDType(from)][instruction]?.(a, b, use)
  if (text !== undefined) return text
  throw new BackendError('webgpu.compile', {
    got: `the instruction ${instruction} on ${from}`,
    wanted: 'an instruction that exists for that dtype',
  })
}

type Render = (a: string, b: string, use: Use) => string
type Table = Readonly<Partial<Record<Instruction, Render>>>

const operator =
  (sign: string): Render =>
  (a, b) =>
    `${a} ${sign} ${b}`
const binary =
  (name: string): Render =>
  (a, b, use) =>
    `${use(name)}(${a}, ${b})`
const unary =
  (name: string): Render =>
  (a, _, use) =>
    `${use(name)}(${a})`
const builtIn =
  (name: string): Render =>
  (a, b) =>
    `${name}(${a}, ${b})`
const wrapped =
  (sign: string): Render =>
  (a, b) =>
    `(${a} ${sign} ${b}) & 255u`

const float32: Table = {
  add: operator('+'),
  sub: operator('-'),
  mul: operator('*'),
  div: operator('/'),
  mod: binary('modulo_f32'),
  max: binary('maximum'),
  min: binary('minimum'),
  lt: binary('less'),
  eq: binary('equal'),
  exp2: unary('power_of_two'),
  log2: unary('binary_logarithm'),
  sin: unary('sine'),
  sqrt: unary('square_root'),
  floor: (a) => `floor(${a})`,
  trunc: (a) => `trunc(${a})`,
  exp: unary('exponential'),
  log: unary('logarithm'),
  log1p: unary('logarithm_plus_one'),
  expm1: unary('exponential_minus_one'),
  tanh: unary('hyperbolic_tangent'),
  cos: unary('cosine'),
}

const int32: Table = {
  add: operator('+'),
  sub: operator('-'),
  mul: operator('*'),
  idiv: binary('divide_i32'),
  mod: binary('modulo_i32'),
  max: builtIn('max'),
  min: builtIn('min'),
  lt: operator('<'),
  eq: operator('=='),
  and: operator('&'),
  or: operator('|'),
  xor: operator('^'),
  shl: (a, b) => `${a} << (u32(${b}) & 31u)`,
  shr: (a, b) => `bitcast<i32>(bitcast<u32>(${a}) >> (u32(${b}) & 31u))`,
}

const uint8: Table = {
  add: wrapped('+'),
  sub: wrapped('-'),
  mul: wrapped('*'),
  idiv: binary('divide_u32'),
  mod: binary('modulo_u32'),
  max: builtIn('max'),
  min: builtIn('min'),
  lt: operator('<'),
  eq: operator('=='),
}

const bool: Table = {
  max: operator('|'),
  min: operator('&'),
  lt: (a, b) => `!${a} & ${b}`,
  eq: operator('=='),
  and: operator('&'),
  or: operator('|'),
  xor: operator('!='),
}

/** Where f16 is a type, see `narrowed`. */
const float16: Table = {
  add: operator('+'),
  sub: operator('-'),
  mul: binary('multiply_halves'),
}

const tables: Readonly<Record<ValueDType, Table>> = { float32, float16, int32, uint8, bool }

function castText(from: ValueDType, to: ValueDType, a: string, use: Use): string {
  if (from === to) return a
  if (from === 'float16') return castText('float32', to, `${use('from_half')}(${a})`, use)
  switch (to) {
    case 'float16':
      return `${use('to_half')}(${castText(from, 'float32', a, use)})`
    case 'float32':
      return from === 'bool' ? `select(0f, 1f, ${a})` : `f32(${a})`
    case 'int32':
      if (from === 'bool') return `select(0i, 1i, ${a})`
      return from === 'float32' ? `${use('to_i32')}(${a})` : `i32(${a})`
    case 'uint8':
      if (from === 'bool') return `select(0u, 1u, ${a})`
      return from === 'float32' ? `${use('to_byte')}(${a})` : `u32(${a}) & 255u`
    case 'bool':
      if (from === 'float32') return `${use('is_nonzero')}(${a})`
      return from === 'int32' ? `${a} != 0` : `${a} != 0u`
  }
}

const combining = { sum: 'add', prod: 'mul', max: 'max', min: 'min' } as const
const combiningBools = { sum: 'or', prod: 'and', max: 'or', min: 'and' } as const

/** Two partial results of a reduction as one. */
export function combineText(
  combiner: Combiner,
  dtype: DType,
  a: string,
  b: string,
  use: Use,
): string {
  const instruction = (dtype === 'bool' ? combiningBools : combining)[combiner]
  return instructionText(instruction, dtype, dtype, [a, b], use)
}
