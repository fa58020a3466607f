import type { ArithmeticDType, Instruction, Step } from '@tensorweft/core'
import type { Random } from './random.ts'
import { apply } from './steps.ts'

/** What random kernels compute with. */
export type RandomDType = Exclude<ArithmeticDType, 'float64'>

/** Most that a float is in magnitude, so that it is an integer that float32 holds. */
export const largestExact: number = 2 ** 24

/** Most that constants, scalars and the elements of float arrays are in magnitude. */
export const largestGiven = 3

/** Instructions on two values, and on one, whose results every backend agrees on to the bit. */
const instructionsOf: Readonly<Record<RandomDType, readonly Instruction[]>> = {
  float32: ['max', 'min', 'add', 'sub', 'mul', 'floor', 'trunc'],
  int32: ['max', 'min', 'add', 'sub', 'mul', 'and', 'or', 'xor', 'idiv', 'mod'],
  uint8: ['max', 'min', 'add', 'sub', 'mul', 'idiv', 'mod'],
  bool: ['max', 'min', 'and', 'or', 'xor'],
}

/** A step with the most that its value is in magnitude. */
export interface BoundedStep {
  readonly step: Step
  readonly bound: number
}

/**
 * A program of one dtype, conditions and counters aside. Floats in it are integers (or NaN, or
 * infinite) whose magnitude is known to be at most `most`, so that no order of operations and no
 * fused multiplication makes a difference.
 */
export class RandomProgram {
  readonly dtype: RandomDType
  readonly steps: Step[] = []
  readonly #bounds: number[] = []
  readonly #random: Random
  readonly #most: number

  constructor(random: Random, dtype: RandomDType, most: number = largestExact) {
    this.dtype = dtype
    this.#random = random
    this.#most = dtype === 'float32' ? most : Number.POSITIVE_INFINITY
  }

  /** The number of the last value. */
  get last(): number {
    return this.steps.length - 1
  }

  /** The most that a value is in magnitude. */
  boundOf(value: number): number {
    return this.#bounds[value] ?? 0
  }

  /** Whether a value may get that large here. */
  allows(bound: number): boolean {
    return bound <= this.#most
  }

  /** Adds a step, and returns the number of its value. */
  push(step: Step, bound: number): number {
    this.#bounds.push(bound)
    return this.steps.push(step) - 1
  }

  /** Adds the steps of this program's dtype that are not too large for it. */
  pushAll(steps: readonly BoundedStep[]): void {
    for (const { step, bound } of steps) {
      if (step.dtype === this.dtype && this.allows(bound)) this.push(step, bound)
    }
  }

  /** The number of some value of the program's dtype. */
  any(): number {
    const { dtype } = this
    return this.#random.pick(this.steps.flatMap((step, k) => (step.dtype === dtype ? k : [])))
  }

  /** Adds an instruction on some of the values, unless its result could get too large. */
  pushInstruction(): void {
    const name = this.#random.pick(instructionsOf[this.dtype])
    const [a, b] = [this.any(), this.any()]
    const [x, y] = [this.boundOf(a), this.boundOf(b)]
    const isSum = name === 'add' || name === 'sub'
    const bound = name === 'mul' ? x * y : isSum ? x + y : Math.max(x, y)
    const args = name === 'floor' || name === 'trunc' ? [a] : [a, b]
    if (this.allows(bound)) this.push(apply(this.dtype, name, ...args), bound)
  }

  /** Adds a choice between two of the values. */
  pushChoice(condition: number): void {
    const [a, b] = [this.any(), this.any()]
    const bound = Math.max(this.boundOf(a), this.boundOf(b))
    this.push(apply(this.dtype, 'where', condition, a, b), bound)
  }
}
