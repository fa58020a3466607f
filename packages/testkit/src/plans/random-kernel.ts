import { ArgumentError, type DType, type Operand, type Store } from '@tensorweft/core'
import { indexBounds } from './index-bounds.ts'
import type { PlanBuilder } from './plan-builder.ts'
import type { Random } from './random.ts'
import { RandomArrays, rareFloats } from './random-arrays.ts'
import type { RandomKernelContext } from './random-options.ts'
import {
  type BoundedStep,
  largestExact,
  largestGiven,
  type RandomDType,
  RandomProgram,
} from './random-program.ts'
import { affine, apply, constant } from './steps.ts'

const valueDTypes: readonly RandomDType[] = ['float32', 'int32', 'uint8', 'bool']

/** What float16 holds all integers up to. */
const largestFloat16 = 2 ** 11

/** Builds the programs of one kernel, with an array of its own for every load and store. */
export class RandomKernel {
  readonly random: Random
  readonly axes: readonly number[]
  readonly arrays: RandomArrays
  /** Whether NaN and infinities occur. */
  readonly hasSpecials: boolean
  readonly #plan: PlanBuilder
  readonly #dtypes: readonly DType[]

  constructor(context: RandomKernelContext, axes: readonly number[]) {
    const { plan, random, options } = context
    this.random = random
    this.axes = axes
    this.arrays = new RandomArrays(context, axes)
    this.hasSpecials = options.specials ?? true
    this.#plan = plan
    this.#dtypes = options.dtypes ?? valueDTypes
  }

  /** The arrays so far; the kernel gets them after its last load and store. */
  get operands(): readonly Operand[] {
    return this.arrays.operands
  }

  /** The numbers of all axes. */
  get allAxes(): number[] {
    return [...this.axes.keys()]
  }

  /**
   * A dtype to compute with, floats twice as often as others.
   *
   * @throws ArgumentError if there is none of them.
   */
  pickDType(among: readonly RandomDType[] = valueDTypes): RandomDType {
    const allowed = among.filter((dtype) => this.#dtypes.includes(dtype))
    if (allowed.length === 0) {
      const got = `dtypes ${this.#dtypes.join(', ')}`
      throw new ArgumentError('randomCase', { got, wanted: `one of ${among.join(', ')} too` })
    }
    return this.random.pick(
      allowed.flatMap((dtype) => (dtype === 'float32' ? [dtype, dtype] : dtype)),
    )
  }

  /**
   * A program of loads and instructions over some of the axes, whose last value has its dtype.
   *
   * @param reduced Results of earlier stages, of which it may use those of its dtype.
   * @param most What floats may be in magnitude.
   */
  program(
    dtype: RandomDType,
    over: readonly number[],
    reduced: readonly BoundedStep[] = [],
    most: number = largestExact,
  ): RandomProgram {
    const { random } = this
    const program = new RandomProgram(random, dtype, most)
    program.pushAll(reduced)
    for (let k = random.integer(1, 3); k > 0; k--) this.load(program, over)
    program.push(constant(dtype, this.#constant(dtype)), largestGiven)
    const scalar = this.#plan.scalar(dtype, this.arrays.small(dtype))
    program.push({ op: 'scalar', dtype, scalar }, largestGiven)
    for (let k = random.integer(0, 5); k > 0; k--) program.pushInstruction()
    if (random.chance(0.3)) this.#pushComparison(program)
    if (random.chance(0.3)) this.#pushCondition(program, over)
    if (random.chance(0.2)) this.#pushCounter(program, over)
    if (random.chance(0.3)) this.#pushPicked(program, over)
    return program
  }

  /** Adds a load, now and then of another dtype and cast; returns the number of the value. */
  load(program: RandomProgram, over: readonly number[]): number {
    const dtype = this.#sourceOf(program)
    const place = this.arrays.place(dtype, over)
    const loaded = program.push({ op: 'load', dtype, ...place }, boundOfArray(dtype))
    return this.#cast(program, loaded, dtype)
  }

  /** Adds a gather and its offsets; they may be the same for all points, or far from 0. */
  gather(program: RandomProgram, over: readonly number[]): number {
    const { random } = this
    const room = random.integer(0, 40)
    const shift = random.chance(0.3) ? random.integer(-5000, 5000) : 0
    const some = over.filter(() => random.chance(0.5))
    const offset = this.places(program, some, shift, shift + room)
    const dtype = this.#sourceOf(program)
    const { operand, index, within } = this.arrays.place(dtype, over, room)
    const at = { ...index, constant: index.constant - shift }
    const gathered = program.push(
      { op: 'gather', dtype, operand, index: at, offset, within },
      boundOfArray(dtype),
    )
    return this.#cast(program, gathered, dtype)
  }

  /** Adds a load of int32 from `low` to `high`, both included. */
  places(program: RandomProgram, over: readonly number[], low: number, high: number): number {
    const place = this.arrays.numbers(over, low, high)
    const bound = Math.max(Math.abs(low), Math.abs(high))
    return program.push({ op: 'load', dtype: 'int32', ...place }, bound)
  }

  /** A store of a value to an array of its own; floats that fit may be stored as float16. */
  store(program: RandomProgram, over: readonly number[], value: number): Store {
    const dtype = program.steps[value]?.dtype ?? program.dtype
    const fits = dtype === 'float32' && program.boundOf(value) <= largestFloat16
    const isNarrow = fits && this.#dtypes.includes('float16') && this.random.chance(0.4)
    if (!isNarrow) return { value, ...this.arrays.result(dtype, over) }
    const narrow = program.push(apply('float16', 'cast', value), program.boundOf(value))
    return { value: narrow, ...this.arrays.result('float16', over) }
  }

  #pushComparison(program: RandomProgram): void {
    const name = this.random.pick(['lt', 'eq'] as const)
    program.pushChoice(program.push(apply('bool', name, program.any(), program.any()), 1))
  }

  #pushCondition(program: RandomProgram, over: readonly number[]): void {
    const { random } = this
    const [axis] = random.shuffled(over)
    const strides = this.arrays.along(axis, random.pick([1, 1, 2, -1]))
    const digits = random.chance(0.3) ? [this.arrays.digit(strides)] : []
    const index = affine(strides, random.integer(-2, 2), digits)
    const within = [{ index, low: random.integer(-2, 2), high: random.integer(1, 20) }]
    program.pushChoice(program.push({ op: 'inside', dtype: 'bool', within }, 1))
  }

  /** Adds the number of a point as a value, or its last bit where the number is too large. */
  #pushCounter(program: RandomProgram, over: readonly number[]): void {
    const [axis] = over
    const digits = axis === undefined ? [] : [this.arrays.digit(this.arrays.along(axis, 1))]
    const index = affine(this.arrays.along(axis, 3), 1, digits)
    const { low, high } = indexBounds(index, this.axes)
    const bound = Math.max(-low, high)
    let counter = program.push({ op: 'index', dtype: 'int32', index }, bound)
    const isWhole = program.allows(bound) && this.random.chance(0.5)
    if (!isWhole) {
      const one = program.push(constant('int32', 1), 1)
      counter = program.push(apply('int32', 'and', counter, one), 1)
    }
    program.push(apply(program.dtype, 'cast', counter), program.boundOf(counter))
  }

  #pushPicked(program: RandomProgram, over: readonly number[]): void {
    const other = program.any()
    const gathered = this.gather(program, over)
    const bound = Math.max(program.boundOf(gathered), program.boundOf(other))
    program.push(apply(program.dtype, 'max', gathered, other), bound)
  }

  /** The dtype of an array for a program: now and then another one, whose values fit. */
  #sourceOf(program: RandomProgram): DType {
    const { random } = this
    const { dtype } = program
    const others = this.#dtypes.filter((other) => other !== dtype && isCastExact(other, dtype))
    if (others.length === 0 || !random.chance(0.2)) return dtype
    const source = random.pick(others)
    return program.allows(boundOfArray(source)) ? source : dtype
  }

  #cast(program: RandomProgram, value: number, from: DType): number {
    if (from === program.dtype) return value
    return program.push(apply(program.dtype, 'cast', value), program.boundOf(value))
  }

  /** Now and then NaN or infinite. */
  #constant(dtype: RandomDType): number {
    const isRare = dtype === 'float32' && this.hasSpecials && this.random.chance(0.15)
    return isRare ? this.random.pick(rareFloats) : this.arrays.small(dtype)
  }
}

/** Most that an element is in magnitude, as far as floats are made of it. */
function boundOfArray(dtype: DType): number {
  if (dtype === 'int32') return 2 ** 31
  if (dtype === 'uint8') return 255
  return dtype === 'bool' ? 1 : largestGiven
}

/** Whether every element of an array of one dtype is the same in another, or wraps. */
function isCastExact(from: DType, to: RandomDType): boolean {
  return !(from === 'int32' && to === 'float32') && (from !== 'float16' || to === 'float32')
}
