import { BackendError, type DType, type Instruction, type ScalarFunction } from '@tensorweft/core'
import { f32x4, i32x4, v128 } from '../assembler/index.ts'
import { cast } from './casts.ts'
import { exp, exp2, expm1 } from './exp.ts'
import { choose } from './fused.ts'
import { divideInt32, divideUint8, remainder, remainderFloat32 } from './integer-division.ts'
import { log, log1p, log2 } from './log.ts'
import { type LaneDType, laneDType } from './register.ts'
import { shiftLeft, shiftRight } from './shift.ts'
import { cos, sin } from './sin.ts'
import { tanh } from './tanh.ts'
import type { LocalSource, Vector, VectorLocal } from './vector.ts'

/** An argument, with its number where it is a constant. */
export interface Argument {
  readonly value: VectorLocal
  readonly dtype: DType
  readonly constant: number | undefined
}

type Render = (f: LocalSource, a: Argument, b: Argument) => Vector
type Table = Readonly<Partial<Record<Instruction | ScalarFunction, Render>>>

const unary =
  (render: (f: LocalSource, a: Vector) => Vector): Render =>
  (f, a) =>
    render(f, a.value)

const binary =
  (render: (f: LocalSource, a: Vector, b: Vector) => Vector): Render =>
  (f, a, b) =>
    render(f, a.value, b.value)

const simple = (render: (a: Vector, b: Vector) => Vector): Render =>
  binary((_, a, b) => render(a, b))

const isNumber = ({ constant }: Argument) => constant !== undefined && !Number.isNaN(constant)

/**
 * NaN if either is NaN. The instructions that say so take several machine instructions; with a
 * number on one side, the ones that return their first argument where one is NaN will do.
 */
const extremum =
  (exact: (a: Vector, b: Vector) => Vector, fast: (a: Vector, b: Vector) => Vector): Render =>
  (_, a, b) => {
    if (isNumber(b)) return fast(a.value, b.value)
    return isNumber(a) ? fast(b.value, a.value) : exact(a.value, b.value)
  }

const float32: Table = {
  add: simple(f32x4.add),
  sub: simple(f32x4.sub),
  mul: simple(f32x4.mul),
  div: simple(f32x4.div),
  mod: binary(remainderFloat32),
  max: extremum(f32x4.max, f32x4.pmax),
  min: extremum(f32x4.min, f32x4.pmin),
  lt: simple(f32x4.lt),
  eq: simple(f32x4.eq),
  sqrt: unary((_, a) => f32x4.sqrt(a)),
  floor: unary((_, a) => f32x4.floor(a)),
  trunc: unary((_, a) => f32x4.trunc(a)),
  exp2: unary(exp2),
  log2: unary(log2),
  sin: unary(sin),
  exp: unary(exp),
  log: unary(log),
  log1p: unary(log1p),
  expm1: unary(expm1),
  tanh: unary(tanh),
  cos: unary(cos),
}

const bitwise: Table = {
  and: simple(v128.and),
  or: simple(v128.or),
  xor: simple(v128.xor),
}

const int32: Table = {
  ...bitwise,
  add: simple(i32x4.add),
  sub: simple(i32x4.sub),
  mul: simple(i32x4.mul),
  idiv: binary(divideInt32),
  mod: binary(remainder(divideInt32)),
  max: simple(i32x4.maxS),
  min: simple(i32x4.minS),
  lt: simple(i32x4.ltS),
  eq: simple(i32x4.eq),
  shl: shiftLeft,
  shr: shiftRight,
}

const wrap = (value: Vector) => v128.and(value, i32x4.constSplat(255))

const uint8: Table = {
  ...bitwise,
  add: simple((a, b) => wrap(i32x4.add(a, b))),
  sub: simple((a, b) => wrap(i32x4.sub(a, b))),
  mul: simple((a, b) => wrap(i32x4.mul(a, b))),
  idiv: binary(divideUint8),
  mod: binary(remainder(divideUint8)),
  max: simple(i32x4.maxS),
  min: simple(i32x4.minS),
  lt: simple(i32x4.ltS),
  eq: simple(i32x4.eq),
}

const bool: Table = {
  ...bitwise,
  max: simple(v128.or),
  min: simple(v128.and),
  lt: simple((a, b) => v128.andNot(b, a)),
  eq: simple((a, b) => v128.not(v128.xor(a, b))),
}

const tables: Readonly<Record<LaneDType, Table>> = { float32, int32, uint8, bool }

/** The value of an instruction whose result has the given dtype. */
export function renderInstruction(
  f: LocalSource,
  instruction: Instruction | ScalarFunction,
  dtype: DType,
  args: readonly Argument[],
): Vector {
  const [a, b = a, c = b] = args
  if (a === undefined || b === undefined || c === undefined) throw missing(instruction, dtype)
  if (instruction === 'where') return choose(b.value, c.value, a.value)
  if (instruction === 'bitcast') return a.value
  const from = laneDType(a.dtype)
  if (instruction === 'cast') return cast(a.value, from, laneDType(dtype))
  const render = tables[from][instruction]
  if (render === undefined) throw missing(instruction, a.dtype)
  return render(f, a, b)
}

function missing(instruction: string, dtype: DType): BackendError {
  return new BackendError('wasm.compile', {
    got: `the instruction '${instruction}' of ${dtype}`,
    wanted: 'one that is defined for that dtype',
  })
}
