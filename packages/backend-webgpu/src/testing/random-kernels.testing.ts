import {
  type Combiner,
  type ContractKernel,
  type DigitData,
  type DType,
  type IndexData,
  type Kernel,
  type LoopKernel,
  type Operand,
  type RangeData,
  type Reduction,
  type Stage,
  type Step,
  type Store,
  sizeOf,
} from '@tensorweft/core'
import type { ComputedDType } from '../wgsl/value-type.ts'
import type { PlanBuilder } from './plan-builder.testing.ts'
import type { Random } from './random.testing.ts'

const valueDTypes = ['float32', 'int32', 'uint8', 'bool'] as const
const numbers = ['float32', 'int32', 'uint8'] as const
const extents = [1, 2, 3, 4, 5, 8, 12, 31] as const

type Instruction = Extract<Step, { op: 'apply' }>['instruction']

/** Instructions on two values whose results agree on every device, but for rounding. */
const binary: Readonly<Record<ComputedDType, readonly [Instruction, ...Instruction[]]>> = {
  float32: ['add', 'sub', 'mul', 'max', 'min'],
  int32: ['add', 'sub', 'mul', 'max', 'min', 'xor', 'idiv'],
  uint8: ['add', 'sub', 'mul', 'max', 'min', 'mod'],
  bool: ['and', 'or', 'xor'],
}

/** `constant + Σ coefficients[axis] · axis`, plus digits. */
export function index(
  constant: number,
  coefficients: readonly number[],
  digits: readonly DigitData[] = [],
): IndexData {
  const terms = coefficients.flatMap((coefficient, axis) =>
    coefficient === 0 ? [] : [{ axis, coefficient }],
  )
  return { constant, terms, digits }
}

export function apply(dtype: DType, instruction: Instruction, ...args: readonly number[]): Step {
  return { op: 'apply', dtype, instruction, args }
}

/** Smallest and largest value of an index whose digits all have a modulus. */
function rangeOf(axes: readonly number[], { constant, terms, digits }: IndexData) {
  let [low, high] = [constant, constant]
  const add = (end: number) => {
    low += Math.min(0, end)
    high += Math.max(0, end)
  }
  for (const { axis, coefficient } of terms) {
    add(coefficient * Math.max((axes[axis] ?? 1) - 1, 0))
  }
  for (const { modulus, coefficient } of digits) add(coefficient * (modulus - 1))
  return { low, high }
}

/** Makes one kernel of a plan: its programs, operands and stores. */
class KernelBuilder {
  readonly axes: readonly number[]
  readonly #random: Random
  readonly #plan: PlanBuilder
  readonly #operands: Operand[] = []

  constructor(plan: PlanBuilder, random: Random, axes: readonly number[]) {
    this.axes = axes
    this.#plan = plan
    this.#random = random
  }

  get operands(): readonly Operand[] {
    return this.#operands
  }

  /** A load over some of the axes, with flips, shifts, padding and digits now and then. */
  load(dtype: DType, over: readonly number[]): Step {
    const random = this.#random
    const strides = this.#strides(over).map((stride) => (random.chance(0.15) ? -stride : stride))
    const of = index(-3, strides)
    const digits =
      random.chance(0.15) && over.length > 0
        ? [{ of, divisor: random.integer(1, 4), modulus: random.integer(2, 5), coefficient: 2 }]
        : []
    const { low, high } = rangeOf(this.axes, index(0, strides, digits))
    const isPadded = random.chance(0.3)
    const size = isPadded ? Math.max(Math.floor((high - low) * 0.7), 1) : high - low + 1
    const shift = isPadded ? -low - Math.floor((high - low) * 0.15) : -low
    const address = index(shift, strides, digits)
    const within: RangeData[] = isPadded ? [{ index: address, low: 0, high: size }] : []
    const [axis] = over
    if (isPadded && axis !== undefined && random.chance(0.5)) {
      const twice = this.axes.map((_, a) => (a === axis ? -2 : 0))
      within.push({ index: index(0, twice), low: -7, high: 0 })
    }
    return { op: 'load', dtype, operand: this.#input(dtype, size), index: address, within }
  }

  /** Steps of one dtype but for conditions; the last one is the value. */
  program(dtype: ComputedDType, over: readonly number[], reduced: readonly Step[] = []): Step[] {
    const random = this.#random
    const steps: Step[] = []
    const loads = random.integer(1, 3)
    for (let k = 0; k < loads; k++) steps.push(this.load(dtype, over))
    const constant = dtype === 'bool' || dtype === 'uint8' ? 1 : random.integer(-3, 3)
    steps.push({ op: 'constant', dtype, value: constant }, this.#scalar(dtype))
    for (const step of reduced) if (step.dtype === dtype) steps.push(step)
    const value = () => random.integer(0, steps.length - 1)
    const count = random.integer(0, 5)
    for (let k = 0; k < count; k++) {
      steps.push(apply(dtype, random.pick(binary[dtype]), value(), value()))
    }
    if (random.chance(0.3)) {
      const [a, b] = [value(), value()]
      // Values that were rounded differently must not be compared: these are exact.
      const condition = steps.push(apply('bool', 'lt', 0, loads - 1)) - 1
      steps.push(apply(dtype, 'where', condition, b, a))
    }
    if (random.chance(0.2) && over.length > 0) this.#addCounter(steps, dtype, over)
    return steps
  }

  /** A store of a value to an array of its own, in some order of the axes. */
  store(dtype: DType, over: readonly number[], value: number): Store {
    const random = this.#random
    const order = random.chance(0.6) ? over : random.shuffled(over)
    const strides = this.axes.map(() => 0)
    let stride = 1
    for (const axis of [...order].reverse()) {
      strides[axis] = stride
      stride *= this.axes[axis] ?? 1
    }
    const slot = random.chance(0.8)
      ? this.#plan.output(dtype, stride)
      : this.#plan.output(dtype, stride + 3)
    const operand = this.#operands.push({ slot, dtype }) - 1
    return { value, operand, index: index(0, strides) }
  }

  #input(dtype: DType, size: number): number {
    const values = Array.from({ length: size }, () => {
      const value = this.#random.uniform() * 4 - 2
      if (dtype === 'bool') return Number(value > 0)
      if (dtype === 'uint8') return Math.floor((value + 2) * 64)
      return dtype === 'int32' ? Math.trunc(value * 2 ** 30) : value
    })
    return this.#operands.push({ slot: this.#plan.input(dtype, values), dtype }) - 1
  }

  #scalar(dtype: DType): Step {
    const value = dtype === 'bool' ? this.#random.integer(0, 1) : this.#random.integer(0, 5)
    return { op: 'scalar', dtype, scalar: this.#plan.scalar(dtype, value) }
  }

  #addCounter(steps: Step[], dtype: DType, over: readonly number[]): void {
    const axis = over[0]
    const of = index(
      1,
      this.axes.map((_, a) => (a === axis ? 3 : 0)),
    )
    const counter = steps.push({ op: 'index', dtype: 'int32', index: of }) - 1
    const cast = dtype === 'int32' ? counter : steps.push(apply(dtype, 'cast', counter)) - 1
    const inside = { index: of, low: 2, high: 9 }
    const condition = steps.push({ op: 'inside', dtype: 'bool', within: [inside] }) - 1
    steps.push(apply(dtype, 'where', condition, cast, 0))
  }

  /** Row-major strides in some order of the axes; those left out get 0. */
  #strides(over: readonly number[]): number[] {
    const strides = this.axes.map(() => 0)
    let stride = 1
    const order = this.#random.chance(0.5) ? [...over].reverse() : this.#random.shuffled(over)
    for (const axis of order) {
      if (this.#random.chance(0.2)) continue
      strides[axis] = stride
      stride *= Math.max(this.axes[axis] ?? 1, 1)
    }
    return strides
  }
}

function randomAxes(random: Random, rank: number, limit: number): number[] {
  const axes: number[] = Array.from({ length: rank }, () => random.pick(extents))
  if (rank > 0 && random.chance(0.4)) axes[random.integer(0, rank - 1)] = random.integer(1, 1500)
  if (rank > 0 && random.chance(0.05)) axes[random.integer(0, rank - 1)] = 0
  while (sizeOf(axes) > limit) axes[axes.indexOf(Math.max(...axes))] = 2
  return axes
}

/** A loop kernel with any number of stages: `map` without reduced axes, else `reduce` or `row`. */
export function addRandomLoops(plan: PlanBuilder, random: Random): void {
  const axes = randomAxes(random, random.integer(0, 4), 4000)
  const isMap = random.chance(0.35)
  const outer = isMap ? axes.length : random.integer(0, axes.length)
  const builder = new KernelBuilder(plan, random, axes)
  const all = axes.map((_, axis) => axis)
  const outerAxes = all.slice(0, outer)
  const reducedSize = sizeOf(axes.slice(outer))
  const stages: Stage[] = []
  const reduced: Step[] = []
  const walks = isMap ? 0 : random.integer(1, 3)
  for (let k = 0; k < walks; k++) {
    const dtype = random.pick(valueDTypes)
    const program = builder.program(dtype, all, reduced)
    const value = program.length - 1
    const combiners: [Combiner, ...Combiner[]] = ['sum', 'max', 'min']
    if (dtype !== 'float32' || reducedSize < 12) combiners.push('prod')
    const reductions: Reduction[] = [{ combiner: random.pick(combiners), value, dtype }]
    if (random.chance(0.3)) reductions.push({ combiner: 'sum', value: 0, dtype })
    const stores = random.chance(0.3) ? [builder.store(dtype, all, value)] : []
    for (const { dtype } of reductions) {
      reduced.push({ op: 'reduced', dtype, reduction: reduced.length })
    }
    stages.push({ over: 'all', program, reductions, stores })
  }
  const dtype = random.pick(valueDTypes)
  const program = builder.program(dtype, outerAxes, reduced)
  const stores = [builder.store(dtype, outerAxes, program.length - 1)]
  if (random.chance(0.4)) stores.push(builder.store(dtype, outerAxes, 0))
  stages.push({ over: 'outer', program, reductions: [], stores })
  const kind = isMap ? 'map' : walks === 1 ? 'reduce' : 'row'
  const kernel: LoopKernel = { kind, label: kind, axes, outer, operands: builder.operands, stages }
  plan.add(kernel)
}

/** A contraction over any number of axes in each group, with programs on both sides. */
export function addRandomContraction(plan: PlanBuilder, random: Random): void {
  const axes: number[] = []
  const take = (count: number) =>
    Array.from({ length: count }, () => axes.push(random.pick([1, 2, 3, 5, 8, 13])) - 1)
  const batch = take(random.integer(0, 1))
  const m = take(random.integer(0, 2))
  const n = take(random.integer(0, 2))
  const k = take(random.integer(0, 2))
  if (random.chance(0.3) && axes.length > 0) {
    axes[random.integer(0, axes.length - 1)] = random.integer(0, 300)
  }
  while (sizeOf(axes) > 20_000) axes[axes.indexOf(Math.max(...axes))] = 2
  const dtype = random.pick(numbers)
  const builder = new KernelBuilder(plan, random, axes)
  const program = (over: readonly number[]) =>
    random.chance(0.4) ? [builder.load(dtype, over)] : builder.program(dtype, over)
  const left = { program: program([...batch, ...m, ...k]) }
  const right = { program: program([...batch, ...n, ...k]) }
  const over = [...batch, ...m, ...n]
  const sum: Step = { op: 'reduced', dtype, reduction: 0 }
  const epilogue = builder.program(dtype, over, [sum])
  const at = epilogue.indexOf(sum)
  epilogue.push(apply(dtype, 'add', epilogue.length - 1, at))
  const stores = [builder.store(dtype, over, epilogue.length - 1)]
  const groups: Pick<ContractKernel, 'batch' | 'm' | 'n' | 'k'> = { batch, m, n, k }
  const kernel: Kernel = {
    kind: 'contract',
    label: 'contraction',
    axes,
    operands: builder.operands,
    ...groups,
    left,
    right,
    epilogue,
    stores,
  }
  plan.add(kernel)
}
