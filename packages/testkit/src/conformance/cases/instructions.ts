import {
  type ArithmeticDType,
  castNumber,
  createTypedArray,
  dtypes,
  type Instruction,
  isFloat,
  type Plan,
  type ScalarFunction,
  type Step,
  scalarFunctions,
  type TypedArray,
} from '@tensorweft/core'
import { mapKernel, operandsOf, planOf } from '../../plans/plan-of.ts'
import { runPlan } from '../../plans/run-plan.ts'
import { affine, apply, constant, load } from '../../plans/steps.ts'
import { instructionValue } from '../../reference/plans/instruction-value.ts'
import type { CaseDefinition } from '../case.ts'
import { ConformanceError } from '../conformance-error.ts'

/** float16 is loaded, stored and cast only. */
const arithmetic = dtypes.filter((dtype) => dtype !== 'float16')

/** Arguments for one dtype, all of them combined with each other. */
const argumentsOf: Readonly<Record<ArithmeticDType, readonly number[]>> = {
  float32: floats(3.4e38),
  float64: floats(1e300),
  int32: [
    0, 1, -1, 2, -2, 3, 7, -7, 31, 100, -100, 46341, 65536, 16777217, 2147483647, -2147483648,
    -2147483647,
  ],
  uint8: [0, 1, 2, 3, 7, 100, 127, 128, 200, 254, 255],
  bool: [0, 1],
}

function floats(large: number): number[] {
  const finite = [0, 0.5, 1, 1.5, 2, 2.5, 3, 7, 100.25, 255.5, 1e-3, Math.PI, 4096, 1e9, 3e9, large]
  const { NaN: none, POSITIVE_INFINITY: infinite } = Number
  return [...finite, ...finite.map((x) => -x), infinite, -infinite, none]
}

const small = [0, 0.5, 1, 1.5, 2.5, 3, 7, 100.25, -0.5, -1, -1.5, -2.5, -3, -7, -100.25]

interface InstructionFamily {
  readonly instructions: readonly (Instruction | ScalarFunction)[]
  readonly dtypes: readonly ArithmeticDType[]
  readonly arity: 1 | 2
  /** Arguments, where not all of a dtype's make sense. */
  readonly left?: readonly number[]
  readonly right?: readonly number[]
  readonly result?: ArithmeticDType
}

const numbers: readonly ArithmeticDType[] = ['float32', 'float64', 'int32', 'uint8']
const floatTypes: readonly ArithmeticDType[] = ['float32', 'float64']
const angles = [0, 0.5, 1, 1.5, Math.PI / 2, 3, Math.PI, 7, 31.4, 100.25].flatMap((x) => [x, -x])

const families: readonly InstructionFamily[] = [
  { instructions: ['add', 'sub', 'mul', 'max', 'min'], dtypes: numbers, arity: 2 },
  { instructions: ['div'], dtypes: floatTypes, arity: 2 },
  { instructions: ['idiv', 'mod'], dtypes: ['int32', 'uint8'], arity: 2 },
  { instructions: ['mod'], dtypes: floatTypes, arity: 2, left: small, right: small },
  { instructions: ['lt', 'eq'], dtypes: arithmetic, arity: 2, result: 'bool' },
  { instructions: ['and', 'or', 'xor'], dtypes: ['bool', 'int32'], arity: 2 },
  {
    instructions: ['shl', 'shr'],
    dtypes: ['int32'],
    arity: 2,
    right: [0, 1, 2, 7, 8, 15, 16, 24, 31],
  },
  {
    instructions: ['floor', 'trunc', 'sqrt', 'exp2', 'log2'],
    dtypes: floatTypes,
    arity: 1,
  },
  { instructions: ['sin', 'cos'], dtypes: floatTypes, arity: 1, left: angles },
  {
    instructions: scalarFunctions.filter((name) => name !== 'cos'),
    dtypes: floatTypes,
    arity: 1,
  },
]

/** Units in the last place by which results may be off; what is not named is rounded correctly. */
export type InstructionUlps = Readonly<Partial<Record<Instruction | ScalarFunction, number>>>

const defaultUlps: InstructionUlps = {
  exp2: 4,
  log2: 4,
  sin: 4,
  cos: 4,
  exp: 4,
  log: 4,
  log1p: 4,
  expm1: 4,
  tanh: 4,
}

/** One instruction on one dtype, with the values that it is tried on. */
interface Trial {
  readonly instruction: Instruction | ScalarFunction
  readonly from: ArithmeticDType
  readonly to: ArithmeticDType
  readonly left: TypedArray
  /** Absent for instructions of one argument. */
  readonly right: TypedArray | undefined
}

/** Every scalar instruction on every dtype that it is defined for. */
export function instructionCases(ulps: InstructionUlps = {}): CaseDefinition[] {
  const trials = [...families.flatMap(trialsOf), ...castTrials(), ...bitcastTrials()]
  const allowed = { ...defaultUlps, ...ulps }
  return [...trials.map((trial) => caseOf(trial, allowed)), ...arithmetic.map(whereCase)]
}

function trialsOf(family: InstructionFamily): Trial[] {
  return family.instructions.flatMap((instruction) =>
    family.dtypes.map((from) => ({
      instruction,
      from,
      to: family.result ?? from,
      left: arrayOf(from, family.left ?? argumentsOf[from]),
      right: family.arity === 1 ? undefined : arrayOf(from, family.right ?? argumentsOf[from]),
    })),
  )
}

function castTrials(): Trial[] {
  return arithmetic.flatMap((from) =>
    arithmetic
      .filter((to) => to !== from)
      .map((to) => ({
        instruction: 'cast' as const,
        from,
        to,
        left: arrayOf(from, argumentsOf[from]),
        right: undefined,
      })),
  )
}

function bitcastTrials(): Trial[] {
  const bits = [0, 1065353216, 1078530011, -1082130432, 2139095039, 8388608, 1234567890]
  const instruction = 'bitcast' as const
  const left = arrayOf('int32', bits)
  return [
    { instruction, from: 'int32', to: 'float32', left, right: undefined },
    {
      instruction,
      from: 'float32',
      to: 'int32',
      left: new Float32Array(left.buffer),
      right: undefined,
    },
  ]
}

function arrayOf(dtype: ArithmeticDType, values: readonly number[]): TypedArray {
  const array = createTypedArray<ArithmeticDType>(dtype, values.length)
  array.set(values)
  return array
}

function caseOf(trial: Trial, ulps: InstructionUlps): CaseDefinition {
  const { instruction, from, to } = trial
  const name = instruction === 'cast' || instruction === 'bitcast' ? `${from} to ${to}` : from
  return {
    name: `instructions: ${instruction} ${name}`,
    unless: ({ dtypes: known, functions }) => {
      const missing = [from, to].find((dtype) => !known.includes(dtype))
      if (missing !== undefined) return `no ${missing}`
      const isFunction = scalarFunctions.some((fn) => fn === instruction)
      const isNative = functions.some((fn) => fn === instruction)
      return isFunction && !isNative ? `${instruction} is written out by core` : undefined
    },
    body: async ({ backend }) => {
      const inputs = trial.right === undefined ? [trial.left] : [trial.left, trial.right]
      const [paired] = await runPlan(backend, pairsPlan(trial), inputs)
      compare('', trial, paired ?? [], trial.right ?? [0], ulps[instruction] ?? 0.5)
      if (trial.right === undefined) return
      for (const value of constantsOf(trial.right)) {
        const [fixed] = await runPlan(backend, constantPlan(trial, value), [trial.left])
        compare(`constant ${value}: `, trial, fixed ?? [], [value], ulps[instruction] ?? 0.5)
      }
    },
  }
}

/** Some of the values, also tried as constants of the program. */
function constantsOf(values: TypedArray): number[] {
  return [values[1], values[values.length - 1]].flatMap((value) => value ?? [])
}

/** `out[i, j] = instruction(left[i], right[j])`. */
function pairsPlan({ instruction, from, to, left, right }: Trial): Plan {
  const inner = right?.length ?? 1
  const arrays = [
    { dtype: from, size: left.length },
    ...(right === undefined ? [] : [{ dtype: from, size: right.length }]),
  ]
  const out = { dtype: to, size: left.length * inner }
  const loads: Step[] = [load(from, 0, affine([1, 0]))]
  if (right !== undefined) loads.push(load(from, 1, affine([0, 1])))
  const program = [...loads, apply(to, instruction, ...loads.keys())]
  return mapPlan(`${instruction} ${from}`, [left.length, inner], arrays, out, program)
}

/** `out[i] = instruction(left[i], value)`. */
function constantPlan({ instruction, from, to, left }: Trial, value: number): Plan {
  const program = [load(from, 0, affine([1])), constant(from, value), apply(to, instruction, 0, 1)]
  const array = { dtype: from, size: left.length }
  return mapPlan(instruction, [left.length], [array], { dtype: to, size: left.length }, program)
}

function mapPlan(
  label: string,
  axes: readonly number[],
  inputs: readonly { readonly dtype: ArithmeticDType; readonly size: number }[],
  out: { readonly dtype: ArithmeticDType; readonly size: number },
  program: readonly Step[],
): Plan {
  const kernel = mapKernel(label, axes, operandsOf(...inputs, out), program)
  return planOf({ inputs, outputs: [out], kernels: [kernel] })
}

function compare(
  where: string,
  { instruction, from, to, left, right }: Trial,
  got: ArrayLike<number>,
  rights: ArrayLike<number>,
  ulps: number,
): void {
  const isUnary = right === undefined
  for (let i = 0; i < left.length; i++) {
    for (let j = 0; j < rights.length; j++) {
      const args = isUnary ? [left[i] ?? 0] : [left[i] ?? 0, rights[j] ?? 0]
      const exact = instructionValue(instruction, from, to, args)
      const actual = got[i * rights.length + j] ?? Number.NaN
      if (isWithin(actual, exact, to, ulps, instruction)) continue
      throw new ConformanceError(
        `${where}${instruction}(${args.join(', ')}) of ${from} gives ${actual}, wanted ${exact}`,
      )
    }
  }
}

/**
 * Whether `actual` is the exact value as rounded, or within `ulps` of it. Sine and cosine are
 * measured at 1: near their zeros the argument's own rounding counts for more.
 */
function isWithin(
  actual: number,
  exact: number,
  dtype: ArithmeticDType,
  ulps: number,
  instruction: string,
): boolean {
  const wanted = isFloat(dtype) ? castNumber(exact, dtype) : exact
  if (actual === wanted || (Number.isNaN(actual) && Number.isNaN(wanted))) return true
  if (!isFloat(dtype) || ulps <= 0.5) return false
  const isBounded = instruction === 'sin' || instruction === 'cos'
  const unit = dtype === 'float32' ? 2 ** -23 : 2 ** -52
  const size = isBounded
    ? 1
    : Math.max(Math.abs(exact), dtype === 'float32' ? 2 ** -126 : 2 ** -1022)
  if (Math.abs(actual - exact) <= ulps * unit * size) return true
  // The largest numbers may round to infinity a little early.
  const limit = castNumber(exact * (1 + ulps * unit), dtype)
  return Number.isFinite(exact) && actual === limit && !Number.isFinite(limit)
}

function whereCase(dtype: ArithmeticDType): CaseDefinition {
  return {
    name: `instructions: where ${dtype}`,
    unless: ({ dtypes: known }) => (known.includes(dtype) ? undefined : `no ${dtype}`),
    body: async ({ backend }) => {
      const values = arrayOf(dtype, argumentsOf[dtype])
      const size = values.length
      const condition = Uint8Array.from({ length: size }, (_, i) => Number(i % 3 === 1))
      const other = values.slice().reverse()
      const inputs = [
        { dtype: 'bool', size },
        { dtype, size },
        { dtype, size },
      ] as const
      const program = [
        load('bool', 0, affine([1])),
        load(dtype, 1, affine([1])),
        load(dtype, 2, affine([1])),
        apply(dtype, 'where', 0, 1, 2),
      ]
      const plan = mapPlan('where', [size], inputs, { dtype, size }, program)
      const [got] = await runPlan(backend, plan, [condition, values, other])
      const wanted = Array.from(condition, (c, i) => (c === 0 ? other[i] : values[i]) ?? Number.NaN)
      wanted.forEach((value, i) => {
        if (isWithin(got?.[i] ?? Number.NaN, value, dtype, 0, 'where')) return
        throw new ConformanceError(
          `where(${condition[i]}, …) of ${dtype} gives ${got?.[i]}, wanted ${value}`,
        )
      })
    },
  }
}
