import {
  type ArraySpec,
  type ContractKernel,
  createTypedArray,
  type DType,
  type Kernel,
  type LoopKernel,
  type Plan,
  type RangeData,
  type ScanKernel,
  type ScatterKernel,
  type SortKernel,
  type Step,
  type Store,
  type TypedArray,
} from '@tensorweft/core'
import { boundsOf } from './loops/bounds.ts'
import { apply, index, operandsOf, planOf, type Random } from './plans.testing.ts'

/** A plan of one kernel with arguments for a run. */
export interface Case {
  readonly plan: Plan
  readonly inputs: readonly TypedArray[]
  readonly scalars: readonly number[]
}

export type ValueDType = 'float32' | 'int32' | 'uint8' | 'bool'

/** Floats are small integers, so that every order of every sum gives the same bits. */
const largestFloat = 64

const rareFloats = [Number.NaN, Infinity, -Infinity] as const

const instructionsOf: Readonly<Record<ValueDType, readonly ['max', ...ApplyName[]]>> = {
  float32: ['max', 'min', 'add', 'sub', 'mul', 'floor'],
  int32: ['max', 'min', 'add', 'sub', 'mul', 'and', 'or', 'xor', 'idiv', 'mod'],
  uint8: ['max', 'min', 'add', 'sub', 'mul', 'idiv', 'mod'],
  bool: ['max', 'min', 'and', 'or', 'xor'],
}

type ApplyName = Extract<Step, { op: 'apply' }>['instruction']

type Unplaced<K> = Omit<K, 'operands'>

/** Builds the programs of one kernel, with an array of its own for every load and store. */
export class CaseBuilder {
  readonly random: Random
  readonly axes: readonly number[]
  readonly #inputs: TypedArray[] = []
  readonly #inputSpecs: ArraySpec[] = []
  readonly #outputSpecs: ArraySpec[] = []
  readonly #scalars: number[] = []
  readonly #scalarDTypes: DType[] = []

  constructor(random: Random, axes: readonly number[]) {
    this.random = random
    this.axes = axes
  }

  /** A load over some of the axes, with flips, steps, shifts, padding and digits now and then. */
  load(dtype: ValueDType, over: readonly number[]): Step {
    const { random } = this
    const strides = this.#strides(over).map((stride) => {
      if (random.chance(0.1)) return -stride
      return random.chance(0.1) ? 2 * stride : stride
    })
    const digits = random.chance(0.15) && over.length > 0 ? [this.#digit(strides)] : []
    const bare = index(0, strides, digits)
    const { low, high } = boundsOf(bare, this.#positiveAxes)
    const isPadded = random.chance(0.3)
    const size = isPadded ? Math.max(Math.floor((high - low) * 0.7), 1) : high - low + 1
    const shift = isPadded ? -low - Math.floor((high - low) * 0.15) : -low
    const address = { ...bare, constant: shift }
    const within: RangeData[] = isPadded ? [{ index: address, low: 0, high: size }] : []
    const [axis] = over
    if (isPadded && axis !== undefined && random.chance(0.5)) {
      const backwards = this.axes.map((_, a) => (a === axis ? -2 : 0))
      within.push({ index: index(0, backwards), low: -7, high: 0 })
    }
    return { op: 'load', dtype, operand: this.#input(dtype, size), index: address, within }
  }

  /** A program of loads and instructions whose last value has the given dtype. */
  program(dtype: ValueDType, over: readonly number[], reduced: readonly Step[] = []): Step[] {
    const { random } = this
    const steps: Step[] = reduced.filter((step) => step.dtype === dtype)
    const limits = steps.map(() => largestFloat)
    const push = (step: Step, limit: number) => {
      limits.push(limit)
      return steps.push(step) - 1
    }
    for (let k = random.integer(1, 3); k > 0; k--) push(this.load(dtype, over), 3)
    push({ op: 'constant', dtype, value: this.#constant(dtype) }, 3)
    push(this.#scalar(dtype), 3)
    const any = () => random.integer(0, steps.length - 1)
    for (let k = random.integer(0, 5); k > 0; k--) {
      const [name, a, b] = [random.pick(instructionsOf[dtype]), any(), any()]
      const [x = 0, y = 0] = [limits[a], limits[b]]
      const limit =
        name === 'mul' ? x * y : name === 'add' || name === 'sub' ? x + y : Math.max(x, y)
      const args = name === 'floor' ? [a] : [a, b]
      if (dtype !== 'float32' || limit <= largestFloat) push(apply(dtype, name, ...args), limit)
    }
    if (random.chance(0.3)) {
      const [a, b] = [any(), any()]
      const condition = push(apply('bool', random.pick(['lt', 'eq'] as const), a, b), 1)
      push(apply(dtype, 'where', condition, b, a), Math.max(limits[a] ?? 0, limits[b] ?? 0))
    }
    if (random.chance(0.3)) this.#pushCondition(steps, dtype, over)
    if (random.chance(0.2)) {
      const [axis] = over
      const of = index(
        1,
        this.axes.map((_, a) => (a === axis ? 3 : 0)),
        axis === undefined ? [] : [this.#digit(this.axes.map((_, a) => (a === axis ? 1 : 0)))],
      )
      const number = steps.push({ op: 'index', dtype: 'int32', index: of }) - 1
      const two = steps.push({ op: 'constant', dtype: 'int32', value: 1 }) - 1
      const odd = steps.push(apply('int32', 'and', number, two)) - 1
      steps.push(apply(dtype, 'cast', odd))
    }
    if (random.chance(0.3)) {
      this.#pushGather(steps, dtype, over)
      const [other = 0] = random.shuffled(
        steps.flatMap((step, k) => (step.dtype === dtype ? k : [])),
      )
      steps.push(apply(dtype, 'max', steps.length - 1, other))
    }
    return steps
  }

  /** A load of int32 from `low` to `high`, both included. */
  places(over: readonly number[], low: number, high: number): Step {
    const { random } = this
    const address = index(0, this.#strides(over))
    const size = boundsOf(address, this.#positiveAxes).high + 1
    const array = Int32Array.from({ length: size }, () => random.integer(low, high))
    const operand = this.#add('int32', array)
    return { op: 'load', dtype: 'int32', operand, index: address, within: [] }
  }

  /** A gather and its offsets. */
  gather(dtype: ValueDType, over: readonly number[]): Step[] {
    const steps: Step[] = []
    this.#pushGather(steps, dtype, over)
    return steps
  }

  /** A load with room for offsets behind it; now and then the same for all, or far from its index. */
  #pushGather(steps: Step[], dtype: ValueDType, over: readonly number[]): void {
    const { random } = this
    const room = random.integer(0, 40)
    const load = this.load(dtype, over)
    if (load.op !== 'load') return
    const size = (this.#inputSpecs[load.operand]?.size ?? 0) + room
    this.#inputs[load.operand] = this.#values(dtype, size)
    this.#inputSpecs[load.operand] = { dtype, size }
    const shift = random.chance(0.3) ? random.integer(-5000, 5000) : 0
    const some = over.filter(() => random.chance(0.5))
    const offset = steps.push(this.places(some, shift, shift + room)) - 1
    const at = { ...load.index, constant: load.index.constant - shift }
    steps.push({ ...load, op: 'gather', index: at, offset })
  }

  /** A store of value `value` to an array of its own, in some order of the axes. */
  store(dtype: DType, over: readonly number[], value: number): Store {
    const { random, axes } = this
    const order = random.chance(0.7) ? [...over].reverse() : random.shuffled(over)
    const strides = axes.map(() => 0)
    let size = 1
    for (const axis of order) {
      strides[axis] = size
      size *= axes[axis] ?? 1
    }
    this.#outputSpecs.push({ dtype, size })
    return { value, operand: this.#outputSpecs.length - 1, index: index(0, strides) }
  }

  loops(kernel: Omit<LoopKernel, 'operands'>): Case {
    const stages = kernel.stages.map((stage) => ({ ...stage, stores: this.#placed(stage.stores) }))
    return this.#case({ ...kernel, stages, operands: this.#operands() })
  }

  contraction(kernel: Omit<ContractKernel, 'operands'>): Case {
    const stores = this.#placed(kernel.stores)
    return this.#case({ ...kernel, stores, operands: this.#operands() })
  }

  walk(kernel: Unplaced<ScanKernel> | Unplaced<SortKernel> | Unplaced<ScatterKernel>): Case {
    const [store = kernel.store] = this.#placed([kernel.store])
    return this.#case({ ...kernel, store, operands: this.#operands() })
  }

  /** A scatter on top of `initial`, which is an input that the result is written over. */
  scatter(kernel: Unplaced<ScatterKernel>): Case {
    const { dtype } = kernel.program[kernel.store.value] ?? { dtype: 'float32' }
    const size = this.#outputSpecs[kernel.store.operand]?.size ?? 0
    const { plan, inputs, scalars } = this.walk(kernel)
    const initial = createTypedArray<DType>(dtype, size)
    for (let k = 0; k < size; k++) initial[k] = this.random.integer(0, dtype === 'bool' ? 1 : 3)
    const outputs = [{ dtype, size, donated: inputs.length }]
    const given = { ...plan, inputs: [...plan.inputs, { dtype, size }], outputs }
    return { plan: given, inputs: [...inputs, initial], scalars }
  }

  /** An output of this size, for a store in some order of its own. */
  output(dtype: DType, size: number): number {
    return this.#outputSpecs.push({ dtype, size }) - 1
  }

  get #positiveAxes(): number[] {
    return this.axes.map((size) => Math.max(size, 1))
  }

  /** Row-major strides in an order of some of the axes; the others get 0. */
  #strides(over: readonly number[]): number[] {
    const { random, axes } = this
    const strides = axes.map(() => 0)
    let stride = 1
    for (const axis of random.chance(0.5) ? [...over].reverse() : random.shuffled(over)) {
      if (random.chance(0.2)) continue
      strides[axis] = stride
      stride *= Math.max(axes[axis] ?? 1, 1)
    }
    return strides
  }

  #digit(strides: readonly number[]) {
    const { random } = this
    const of = index(random.integer(-4, 4), strides)
    const modulus = random.chance(0.7) ? random.integer(2, 6) : 0
    return { of, divisor: random.integer(1, 4), modulus, coefficient: random.pick([1, 2, -1]) }
  }

  #pushCondition(steps: Step[], dtype: ValueDType, over: readonly number[]): void {
    const { random, axes } = this
    const [axis] = random.shuffled(over)
    const strides = axes.map((_, a) => (a === axis ? random.pick([1, 1, 2, -1]) : 0))
    const digits = random.chance(0.3) ? [this.#digit(strides)] : []
    const of = index(random.integer(-2, 2), strides, digits)
    const within = [{ index: of, low: random.integer(-2, 2), high: random.integer(1, 20) }]
    const inside = steps.push({ op: 'inside', dtype: 'bool', within }) - 1
    const values = steps.flatMap((step, k) => (step.dtype === dtype ? k : []))
    const [a = 0, b = a] = random.shuffled(values)
    steps.push(apply(dtype, 'where', inside, a, b))
  }

  /** Now and then NaN or infinite. */
  #constant(dtype: ValueDType): number {
    const { random } = this
    const isRare = dtype === 'float32' && random.chance(0.15)
    return isRare ? random.pick(rareFloats) : random.integer(0, dtype === 'bool' ? 1 : 3)
  }

  #scalar(dtype: DType): Step {
    this.#scalars.push(this.random.integer(0, dtype === 'bool' ? 1 : 3))
    this.#scalarDTypes.push(dtype)
    return { op: 'scalar', dtype, scalar: this.#scalars.length - 1 }
  }

  #input(dtype: ValueDType, size: number): number {
    return this.#add(dtype, this.#values(dtype, size))
  }

  #add(dtype: DType, array: TypedArray): number {
    this.#inputs.push(array)
    this.#inputSpecs.push({ dtype, size: array.length })
    return this.#inputs.length - 1
  }

  #values(dtype: ValueDType, size: number): TypedArray {
    const { random } = this
    const array = createTypedArray<DType>(dtype, size)
    for (let k = 0; k < size; k++) {
      if (dtype === 'float32') array[k] = random.integer(-3, 3)
      else if (dtype === 'bool') array[k] = random.integer(0, 1)
      else array[k] = random.integer(-(2 ** 31), 2 ** 31 - 1)
    }
    return array
  }

  /** Outputs are numbered after all inputs. */
  #placed(stores: readonly Store[]): Store[] {
    return stores.map((store) => ({ ...store, operand: store.operand + this.#inputSpecs.length }))
  }

  #operands() {
    return operandsOf(...this.#inputSpecs, ...this.#outputSpecs)
  }

  #case(kernel: Kernel): Case {
    const plan = planOf([kernel], this.#inputSpecs, this.#outputSpecs, this.#scalarDTypes)
    return { plan, inputs: this.#inputs, scalars: this.#scalars }
  }
}
