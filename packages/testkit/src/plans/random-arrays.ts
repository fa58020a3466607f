import {
  type DigitData,
  type DType,
  type IndexData,
  isFloat,
  type Operand,
  type RangeData,
} from '@tensorweft/core'
import { indexBounds } from './index-bounds.ts'
import type { PlanBuilder } from './plan-builder.ts'
import type { Random } from './random.ts'
import type { RandomKernelContext } from './random-options.ts'
import { largestGiven } from './random-program.ts'
import { affine } from './steps.ts'

/** What floats may be that are no numbers to compute with. */
export const rareFloats: readonly number[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
]

/** Where a value comes from: what a load needs beside its dtype. */
export interface Place {
  readonly operand: number
  readonly index: IndexData
  readonly within: readonly RangeData[]
}

/** Makes the arrays of one kernel, each for one load or store, and says where in them points lie. */
export class RandomArrays {
  readonly axes: readonly number[]
  readonly #random: Random
  readonly #plan: PlanBuilder
  readonly #specials: boolean
  readonly #operands: Operand[] = []

  constructor({ plan, random, options }: RandomKernelContext, axes: readonly number[]) {
    this.axes = axes
    this.#random = random
    this.#plan = plan
    this.#specials = options.specials ?? true
  }

  /** All arrays so far. */
  get operands(): readonly Operand[] {
    return this.#operands
  }

  /** Some input over the axes, with flips, steps, shifts, padding and digits now and then. */
  place(dtype: DType, over: readonly number[], room = 0): Place {
    const { axes } = this
    const random = this.#random
    const strides = this.#strides(over).map((stride) => {
      if (random.chance(0.1)) return -stride
      return random.chance(0.1) ? 2 * stride : stride
    })
    const digits = random.chance(0.15) && over.length > 0 ? [this.digit(strides)] : []
    const { low, high } = indexBounds(affine(strides, 0, digits), axes)
    const isPadded = random.chance(0.3)
    const size = isPadded ? Math.max(Math.floor((high - low) * 0.7), 1) : high - low + 1
    const shift = isPadded ? -low - Math.floor((high - low) * 0.15) : -low
    const index = affine(strides, shift, digits)
    const within: RangeData[] = isPadded ? [{ index, low: 0, high: size }] : []
    const [axis] = over
    if (isPadded && axis !== undefined && random.chance(0.5)) {
      within.push({ index: affine(this.along(axis, -2)), low: -7, high: 0 })
    }
    const operand = this.#operand(dtype, this.#plan.input(dtype, this.#values(dtype, size + room)))
    return { operand, index, within }
  }

  /** An int32 array over some of the axes of numbers from `low` to `high`, both included. */
  numbers(over: readonly number[], low: number, high: number): Place {
    const index = affine(this.#strides(over))
    const { high: end } = indexBounds(index, this.axes)
    const values = Array.from({ length: end + 1 }, () => this.#random.integer(low, high))
    return { operand: this.#operand('int32', this.#plan.input('int32', values)), index, within: [] }
  }

  /** An output over some of the axes, in some order of them, and where each point's value goes. */
  result(dtype: DType, over: readonly number[]): { operand: number; index: IndexData } {
    const { axes } = this
    const random = this.#random
    const order = random.chance(0.7) ? [...over].reverse() : random.shuffled(over)
    const strides = axes.map(() => 0)
    let size = 1
    for (const axis of order) {
      strides[axis] = size
      size *= axes[axis] ?? 1
    }
    return { operand: this.#operand(dtype, this.#plan.output(dtype, size)), index: affine(strides) }
  }

  /** An array of small values that the kernel changes in place. */
  updated(dtype: DType, size: number): number {
    const values = Array.from({ length: size }, () => this.small(dtype))
    const slot = this.#plan.input(dtype, values)
    this.#plan.inPlace(slot)
    return this.#operand(dtype, slot)
  }

  /** A number that every dtype has. */
  small(dtype: DType): number {
    return this.#random.integer(0, dtype === 'bool' ? 1 : largestGiven)
  }

  /** A digit of an index of these strides. */
  digit(strides: readonly number[]): DigitData {
    const random = this.#random
    const of = affine(strides, random.integer(-4, 4))
    const modulus = random.chance(0.7) ? random.integer(2, 6) : 0
    return { of, divisor: random.integer(1, 4), modulus, coefficient: random.pick([1, 2, -1]) }
  }

  /** Coefficients of which only one is not 0. */
  along(axis: number | undefined, coefficient: number): number[] {
    return this.axes.map((_, a) => (a === axis ? coefficient : 0))
  }

  /** Row-major strides in an order of some of the axes; the others get 0. */
  #strides(over: readonly number[]): number[] {
    const { axes } = this
    const random = this.#random
    const strides = axes.map(() => 0)
    let stride = 1
    for (const axis of random.chance(0.5) ? [...over].reverse() : random.shuffled(over)) {
      if (random.chance(0.2)) continue
      strides[axis] = stride
      stride *= Math.max(axes[axis] ?? 1, 1)
    }
    return strides
  }

  #operand(dtype: DType, slot: number): number {
    return this.#operands.push({ slot, dtype }) - 1
  }

  /** Elements of an array: integers of any size, floats that are small ones, some of them rare. */
  #values(dtype: DType, size: number): number[] {
    const random = this.#random
    const rarity = isFloat(dtype) && this.#specials && random.chance(0.1) ? 0.05 : 0
    return Array.from({ length: size }, () => {
      if (dtype === 'bool') return random.integer(0, 1)
      if (dtype === 'uint8') return random.integer(0, 255)
      if (dtype === 'int32') return random.integer(-(2 ** 31), 2 ** 31 - 1)
      const isRare = rarity > 0 && random.chance(rarity)
      return isRare ? random.pick(rareFloats) : random.integer(-largestGiven, largestGiven)
    })
  }
}
