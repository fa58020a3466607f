import {
  type ArraySpec,
  type Combiner,
  type ContractKernel,
  createTypedArray,
  type DType,
  type Kernel,
  type LoopKernel,
  type Plan,
  type RangeData,
  type Reduction,
  type ScanKernel,
  type ScatterKernel,
  type SortKernel,
  type Stage,
  type Step,
  type Store,
  type TypedArray,
} from '@tensorweft/core'
import { boundsOf } from './loops/bounds.ts'
import { apply, index, operandsOf, planOf, type Random } from './plans.testing.ts'

/** The first element that differs, or −1. Which of two zeros the larger one is, is up to a backend. */
export function firstDifference(wanted: TypedArray, got: TypedArray): number {
  return wanted.findIndex((value, k) => value !== got[k] && !Object.is(value, got[k]))
}

/** A plan of one kernel with arguments for a run. */
export interface Case {
  readonly plan: Plan
  readonly inputs: readonly TypedArray[]
  readonly scalars: readonly number[]
}

type ValueDType = 'float32' | 'int32' | 'uint8' | 'bool'

const valueDTypes = ['float32', 'float32', 'int32', 'uint8', 'bool'] as const

/** Floats are small integers, so that every order of every sum gives the same bits. */
const largestFloat = 64

const rareFloats = [Number.NaN, Infinity, -Infinity] as const

const instructionsOf: Readonly<Record<ValueDType, readonly ['max', ...ApplyName[]]>> = {
  float32: ['max', 'min', 'add', 'sub', 'mul', 'floor'],
  int32: ['max', 'min', 'add', 'sub', 'mul', 'and', 'or', 'xor', 'idiv', 'mod'],
  uint8: ['max', 'min', 'add', 'sub', 'mul', 'idiv', 'mod'],
  bool: ['max', 'min', 'and', 'or', 'xor'],
}

/** Float sums and products grow beyond what is exact; bools are not added. */
const combinersOf: Readonly<Record<ValueDType, readonly [Combiner, ...Combiner[]]>> = {
  float32: ['max', 'min'],
  int32: ['sum', 'prod', 'max', 'min'],
  uint8: ['sum', 'prod', 'max', 'min'],
  bool: ['max', 'min'],
}

type ApplyName = Extract<Step, { op: 'apply' }>['instruction']

type Unplaced<K> = Omit<K, 'operands'>

/** Builds the programs of one kernel, with an array of its own for every load and store. */
class CaseBuilder {
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

const sizes: readonly [number, ...number[]] = [1, 2, 3, 4, 5, 8, 16, 31]

function randomAxes(random: Random, rank: number, limit: number): number[] {
  const axes = Array.from({ length: rank }, () => random.pick(sizes))
  const any = () => random.integer(0, rank - 1)
  if (rank > 0 && random.chance(0.3)) axes[any()] = random.integer(1, 5000)
  if (rank > 0 && random.chance(0.05)) axes[any()] = 0
  while (axes.reduce((points, size) => points * size, 1) > limit) {
    axes[axes.indexOf(Math.max(...axes))] = 3
  }
  return axes
}

/** A loop kernel with any number of stages: `map` without reduced axes, else `reduce` or `row`. */
export function randomLoopKernel(random: Random): Case {
  const axes = randomAxes(random, random.integer(0, 4), 8000)
  const isMap = random.chance(0.4)
  const outer = isMap ? axes.length : random.integer(0, axes.length)
  const builder = new CaseBuilder(random, axes)
  const all = axes.map((_, axis) => axis)
  const outerAxes = all.slice(0, outer)
  const stages: Stage[] = []
  const reduced: Step[] = []
  const count = isMap ? 0 : random.integer(1, 3)
  for (let k = 0; k < count; k++) {
    const dtype = random.pick(valueDTypes)
    const program = builder.program(dtype, all, reduced)
    const value = program.length - 1
    const combiner = random.pick(combinersOf[dtype])
    const reductions: Reduction[] = [{ combiner, value, dtype }]
    const stores = random.chance(0.3) ? [builder.store(dtype, all, value)] : []
    for (const { dtype } of reductions) {
      reduced.push({ op: 'reduced', dtype, reduction: reduced.length })
    }
    stages.push({ over: 'all', program, reductions, stores })
  }
  // A float sum comes last, because nothing bounds its result.
  if (count > 0) {
    const program = builder.program('float32', all, [])
    const sum: Reduction = { combiner: 'sum', value: program.length - 1, dtype: 'float32' }
    stages.push({ over: 'all', program, reductions: [sum], stores: [] })
    const step: Step = { op: 'reduced', dtype: 'float32', reduction: reduced.length }
    const stores = [builder.store('float32', outerAxes, 0)]
    stages.push({ over: 'outer', program: [step], reductions: [], stores })
  }
  const dtype = random.pick(valueDTypes)
  const program = builder.program(dtype, outerAxes, reduced)
  const stores = [builder.store(dtype, outerAxes, program.length - 1)]
  const first = program[0]
  if (first !== undefined && random.chance(0.4)) {
    stores.push(builder.store(first.dtype, outerAxes, 0))
  }
  stages.push({ over: 'outer', program, reductions: [], stores })
  const kind = isMap ? 'map' : count === 0 ? 'reduce' : 'row'
  return builder.loops({ kind, label: kind, axes, outer, stages })
}

/** One sum of products of small integers, with operands that repeat along some of the axes. */
export function randomSumOfProducts(random: Random): Case {
  const axes = randomAxes(random, random.integer(2, 5), 20_000)
  const outer = random.integer(1, axes.length - 1)
  const builder = new CaseBuilder(random, axes)
  const all = axes.map((_, axis) => axis)
  const some = () => all.filter(() => random.chance(0.7))
  const program = [builder.load('float32', some()), builder.load('float32', some())]
  if (random.chance(0.3)) program.push(apply('float32', 'max', random.integer(0, 1), 1))
  const value = program.push(apply('float32', 'mul', 0, program.length - 1)) - 1
  const reductions: Reduction[] = [{ combiner: 'sum', value, dtype: 'float32' }]
  const finish = builder.program('float32', all.slice(0, outer))
  const last = finish.length - 1
  const sum: Step = { op: 'reduced', dtype: 'float32', reduction: 0 }
  const result = finish.push(sum, apply('float32', 'add', last, last + 1)) - 1
  const stores = [builder.store('float32', all.slice(0, outer), result)]
  const stages: Stage[] = [
    { over: 'all', program, reductions, stores: [] },
    { over: 'outer', program: finish, reductions: [], stores },
  ]
  return builder.loops({ kind: 'reduce', label: 'sum of products', axes, outer, stages })
}

/** A contraction over groups of up to two axes each, with programs on all sides. */
export function randomContraction(random: Random): Case {
  const counts = { batch: random.integer(0, 1), m: 0, n: 0, k: 0 }
  for (const name of ['m', 'n', 'k'] as const) counts[name] = random.integer(0, 2)
  const rank = counts.batch + counts.m + counts.n + counts.k
  const axes = randomAxes(random, rank, 30_000)
  const numbers = axes.map((_, axis) => axis)
  const take = (n: number) => numbers.splice(0, n)
  const [batch, m, n, k] = [take(counts.batch), take(counts.m), take(counts.n), take(counts.k)]
  const dtype = random.pick(['float32', 'float32', 'int32', 'uint8'] as const)
  const builder = new CaseBuilder(random, axes)
  const side = (over: number[]) => {
    if (random.chance(0.2)) return { program: builder.gather(dtype, over) }
    const isPlain = random.chance(0.5) || dtype === 'float32'
    return { program: isPlain ? [builder.load(dtype, over)] : builder.program(dtype, over) }
  }
  const left = side([...batch, ...m, ...k])
  const right = side([...batch, ...n, ...k])
  const over = [...batch, ...m, ...n]
  const sum: Step = { op: 'reduced', dtype, reduction: 0 }
  const epilogue = builder.program(dtype, over, [])
  const last = epilogue.length - 1
  const value = epilogue.push(sum, apply(dtype, 'add', last, last + 1)) - 1
  const stores = [builder.store(dtype, over, value)]
  if (random.chance(0.3)) stores.push(builder.store(dtype, over, last))
  const label = 'contraction'
  return builder.contraction({
    kind: 'contract',
    label,
    axes,
    batch,
    m,
    n,
    k,
    left,
    right,
    epilogue,
    stores,
  })
}

function randomWalk(random: Random) {
  const axes = randomAxes(random, random.integer(0, 4), 8000)
  const outer = random.integer(0, axes.length)
  const all = axes.map((_, axis) => axis)
  return { builder: new CaseBuilder(random, axes), all, axes, outer }
}

/** Float totals are of values that a few hundred of can be added or multiplied exactly. */
export function randomScan(random: Random): Case {
  const { builder, all, axes, outer } = randomWalk(random)
  const dtype = random.pick(valueDTypes)
  const program = builder.program(dtype, all)
  const value = program.length - 1
  const combiners: readonly [Combiner, ...Combiner[]] =
    dtype === 'float32' ? ['sum', 'max', 'min'] : ['sum', 'prod', 'max', 'min']
  const reduction = { combiner: random.pick(combiners), value, dtype }
  const store = builder.store(dtype, all, value)
  return builder.walk({ kind: 'scan', label: 'scan', axes, outer, program, reduction, store })
}

/** Values are small integers, many of them equal; some floats are NaN or −0. */
export function randomSort(random: Random): Case {
  const { builder, all, axes, outer } = randomWalk(random)
  const dtype = random.pick(valueDTypes)
  const program = builder.program(dtype, all)
  if (dtype === 'float32' && random.chance(0.5)) {
    program.push(apply(dtype, 'sqrt', program.length - 1))
    program.push(apply(dtype, 'mul', program.length - 1, program.length - 2))
  }
  const value = program.length - 1
  const store = builder.store('int32', all, value)
  const descending = random.chance(0.5)
  return builder.walk({ kind: 'sort', label: 'sort', axes, outer, program, store, descending })
}

/** Targets are those of a point, or of the points of all rows; some are not there. */
export function randomScatter(random: Random): Case {
  const { builder, all, axes, outer } = randomWalk(random)
  const dtype = random.pick(valueDTypes)
  const size = random.integer(1, 12)
  const target = builder.places(random.chance(0.5) ? all : all.slice(outer), -2, size + 1)
  const program = [...builder.program(dtype, all), target]
  const strides = axes.map(() => 0)
  let [total, stride] = [1, 1]
  for (const axis of random.shuffled([...all.slice(0, outer), -1])) {
    if (axis < 0) stride = total
    else strides[axis] = total
    total *= axis < 0 ? size : (axes[axis] ?? 1)
  }
  const value = program.length - 2
  const store = { value, operand: builder.output(dtype, total), index: index(0, strides) }
  return builder.scatter({
    kind: 'scatter',
    label: 'scatter',
    axes,
    outer,
    program,
    target: value + 1,
    stride,
    size,
    store,
  })
}
