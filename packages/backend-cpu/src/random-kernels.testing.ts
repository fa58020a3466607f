import {
  type ArraySpec,
  type Combiner,
  type ContractKernel,
  type DType,
  type IndexData,
  isFloat,
  type Kernel,
  type LoopKernel,
  type Operand,
  type Plan,
  type RangeData,
  type Reduction,
  type ScanKernel,
  type ScatterKernel,
  type SortKernel,
  type Stage,
  type Step,
  type Store,
  sizeOf,
  type TypedArray,
} from '@tensorweft/core'
import { apply, index, operandsOf, planOf, type Random } from './plans.testing.ts'

export interface Case {
  readonly plan: Plan
  readonly inputs: readonly TypedArray[]
  readonly scalars: readonly number[]
}

const valueDTypes = ['float32', 'float64', 'int32'] as const

function shuffled(random: Random, items: readonly number[]): number[] {
  const result: number[] = []
  for (const item of items) result.splice(random.integer(0, result.length), 0, item)
  return result
}

/** Row-major strides in a random order of some of the axes; the others get 0. */
function randomStrides(random: Random, axes: readonly number[], over: readonly number[]): number[] {
  const strides = axes.map(() => 0)
  let stride = 1
  const order = random.uniform() < 0.5 ? over.slice().reverse() : shuffled(random, over)
  for (const axis of order) {
    if (random.uniform() < 0.2) continue
    strides[axis] = stride
    stride *= Math.max(axes[axis] ?? 1, 1)
  }
  return strides
}

function rangeOf(axes: readonly number[], { constant, terms, digits }: IndexData) {
  let [low, high] = [constant, constant]
  const add = (a: number, b: number) => {
    low += Math.min(a, b)
    high += Math.max(a, b)
  }
  for (const { axis, coefficient } of terms) {
    add(0, coefficient * Math.max((axes[axis] ?? 1) - 1, 0))
  }
  for (const { modulus, coefficient } of digits) add(0, coefficient * (modulus - 1))
  return { low, high }
}

export class KernelBuilder {
  readonly random: Random
  readonly axes: readonly number[]
  readonly inputs: TypedArray[] = []
  readonly inputSpecs: ArraySpec[] = []
  readonly outputSpecs: ArraySpec[] = []
  readonly scalars: number[] = []
  readonly scalarDTypes: DType[] = []

  constructor(random: Random, axes: readonly number[]) {
    this.random = random
    this.axes = axes
  }

  private addInput(dtype: DType, size: number, array = this.random.array(dtype, size)): number {
    this.inputs.push(array)
    this.inputSpecs.push({ dtype, size })
    return this.inputs.length - 1
  }

  /** A load of int32 from `low` to `high`, both included. */
  places(over: readonly number[], low: number, high: number): Step {
    const { random, axes } = this
    const address = index(0, randomStrides(random, axes, over))
    const size = rangeOf(axes, address).high + 1
    const array = Int32Array.from({ length: size }, () => random.integer(low, high))
    const operand = this.addInput('int32', size, array)
    return { op: 'load', dtype: 'int32', operand, index: address, within: [] }
  }

  /** Adds the steps of a gather, whose offsets are between 0 and some number, to a program. */
  pushGather(steps: Step[], dtype: DType, over: readonly number[]): void {
    const { random } = this
    const room = random.integer(1, 40)
    const load = this.load(dtype, over)
    if (load.op !== 'load') return
    // A load whose array has room behind it.
    const size = (this.inputSpecs[load.operand]?.size ?? 0) + room
    this.inputs[load.operand] = random.array(dtype, size)
    this.inputSpecs[load.operand] = { dtype, size }
    const offset = steps.push(this.places(over, 0, room)) - 1
    steps.push({ ...load, op: 'gather', offset })
  }

  /** A load over some of the axes, with flips, shifts, padding and digits now and then. */
  load(dtype: DType, over: readonly number[]): Step {
    const { random, axes } = this
    const strides = randomStrides(random, axes, over).map((stride) =>
      random.uniform() < 0.15 ? -stride : stride,
    )
    const digits =
      random.uniform() < 0.1 && over.length > 0
        ? [{ of: index(-3, strides), divisor: 3, modulus: 5, coefficient: 2 }]
        : []
    const bare = index(0, strides, digits)
    const { low, high } = rangeOf(axes, bare)
    const isPadded = random.uniform() < 0.3
    const size = isPadded ? Math.max(Math.floor((high - low) * 0.7), 1) : high - low + 1
    const shift = isPadded ? -low - Math.floor((high - low) * 0.15) : -low
    const address = index(shift, strides, digits)
    const within: RangeData[] = isPadded ? [{ index: address, low: 0, high: size }] : []
    const [axis] = over
    if (isPadded && axis !== undefined && random.uniform() < 0.5) {
      within.push({
        index: index(
          0,
          axes.map((_, a) => (a === axis ? -2 : 0)),
        ),
        low: -7,
        high: 0,
      })
    }
    return { op: 'load', dtype, operand: this.addInput(dtype, size), index: address, within }
  }

  scalar(dtype: DType): Step {
    this.scalars.push(this.random.integer(-5, 5))
    this.scalarDTypes.push(dtype)
    return { op: 'scalar', dtype, scalar: this.scalars.length - 1 }
  }

  /** A program of loads and instructions whose last value has the given dtype. */
  program(dtype: DType, over: readonly number[], reduced: readonly Step[] = []): Step[] {
    const { random } = this
    const steps: Step[] = reduced.filter((step) => step.dtype === dtype)
    const loads = random.integer(1, 3)
    for (let k = 0; k < loads; k++) steps.push(this.load(dtype, over))
    steps.push({ op: 'constant', dtype, value: random.integer(-3, 3) }, this.scalar(dtype))
    const binary = ['add', 'sub', 'mul', 'max', 'min'] as const
    const value = () => random.integer(0, steps.length - 1)
    const count = random.integer(0, 5)
    // Steps of one dtype only, so that every number is a valid argument.
    for (let k = 0; k < count; k++) steps.push(apply(dtype, random.pick(binary), value(), value()))
    if (random.uniform() < 0.3) {
      const [a, b] = [value(), value()]
      const condition = steps.push(apply('bool', 'lt', a, b)) - 1
      steps.push(apply(dtype, 'where', condition, b, a))
    }
    if (random.uniform() < 0.2) {
      const axis = over[0]
      const of = index(
        1,
        this.axes.map((_, a) => (a === axis ? 3 : 0)),
      )
      const number = steps.push({ op: 'index', dtype: 'int32', index: of }) - 1
      const last = steps.push(apply(dtype, 'cast', number)) - 1
      steps.push(apply(dtype, 'add', last, loads - 1))
    }
    if (random.uniform() < 0.3) {
      this.pushGather(steps, dtype, over)
      steps.push(apply(dtype, 'max', steps.length - 1, loads - 1))
    }
    return steps
  }

  /** A store of value `value` to an array of its own, in a random order of the axes. */
  store(dtype: DType, over: readonly number[], value: number): Store {
    const { random, axes } = this
    const order = random.uniform() < 0.7 ? over.slice().reverse() : shuffled(random, over)
    const strides = axes.map(() => 0)
    let size = 1
    for (const axis of order) {
      strides[axis] = size
      size *= axes[axis] ?? 1
    }
    this.outputSpecs.push({ dtype, size })
    return { value, operand: this.outputSpecs.length - 1, index: index(0, strides) }
  }

  /** Loop kernels and contractions number their outputs after all inputs. */
  loops(kernel: LoopKernel): Case {
    const stages = kernel.stages.map((stage) => ({ ...stage, stores: this.placed(stage.stores) }))
    return this.case({ ...kernel, stages, operands: this.operands() })
  }

  contraction(kernel: ContractKernel): Case {
    return this.case({
      ...kernel,
      stores: this.placed(kernel.stores),
      operands: this.operands(),
    })
  }

  /** Scans, sorts and scatters. */
  walk<K extends ScanKernel | SortKernel | ScatterKernel>(kernel: K): Case {
    const [store] = this.placed([kernel.store])
    return this.case({ ...kernel, store: store ?? kernel.store, operands: this.operands() })
  }

  private placed(stores: readonly Store[]): Store[] {
    return stores.map((store) => ({ ...store, operand: store.operand + this.inputSpecs.length }))
  }

  private operands(): Operand[] {
    return operandsOf(...this.inputSpecs, ...this.outputSpecs)
  }

  private case(kernel: Kernel): Case {
    const { inputSpecs, outputSpecs, inputs, scalars } = this
    const plan = planOf([kernel], inputSpecs, outputSpecs, this.scalarDTypes)
    return { plan, inputs, scalars }
  }
}

const sizes: readonly [number, ...number[]] = [1, 2, 3, 5, 8, 31]

function randomAxes(random: Random, rank: number, limit: number): number[] {
  const axes = Array.from({ length: rank }, () => random.pick(sizes))
  if (rank > 0 && random.uniform() < 0.4)
    axes[random.integer(0, rank - 1)] = random.integer(1, 1500)
  if (rank > 0 && random.uniform() < 0.05) axes[random.integer(0, rank - 1)] = 0
  while (sizeOf(axes) > limit) axes[axes.indexOf(Math.max(...axes))] = 2
  return axes
}

/** A loop kernel with any number of stages: `map` without reduced axes, else `reduce` or `row`. */
export function randomLoopKernel(random: Random): Case {
  const axes = randomAxes(random, random.integer(0, 4), 4000)
  const outer = random.integer(0, axes.length)
  const builder = new KernelBuilder(random, axes)
  const all = axes.map((_, axis) => axis)
  const outerAxes = all.slice(0, outer)
  const stages: Stage[] = []
  const reduced: Step[] = []
  const isMap = random.uniform() < 0.3
  const count = isMap ? 0 : random.integer(1, 3)
  for (let k = 0; k < count; k++) {
    const dtype = random.pick(valueDTypes)
    const program = builder.program(dtype, all, reduced)
    const value = program.length - 1
    const combiners: readonly [Combiner, ...Combiner[]] = ['sum', 'max', 'min', 'prod']
    const reductions: Reduction[] = [{ combiner: random.pick(combiners), value, dtype }]
    if (random.uniform() < 0.3)
      reductions.push({ combiner: 'sum', value: 0, dtype: dtypeAt(program, 0) })
    const stores = random.uniform() < 0.3 ? [builder.store(dtype, all, value)] : []
    for (const { dtype } of reductions)
      reduced.push({ op: 'reduced', dtype, reduction: reduced.length })
    stages.push({ over: 'all', program, reductions, stores })
  }
  const dtype = random.pick(valueDTypes)
  const program = builder.program(dtype, outerAxes, reduced)
  const stores = [builder.store(dtype, outerAxes, program.length - 1)]
  if (random.uniform() < 0.4) stores.push(builder.store(dtypeAt(program, 0), outerAxes, 0))
  stages.push({ over: 'outer', program, reductions: [], stores })
  const kind = isMap ? 'map' : count === 1 ? 'reduce' : 'row'
  return builder.loops({ kind, label: kind, axes, outer, operands: [], stages })
}

const walkDTypes = ['float32', 'float64', 'int32', 'uint8'] as const

/** A program over all axes for a kernel over rows, bools among its values. */
function walkProgram(builder: KernelBuilder, all: readonly number[]): Step[] {
  const { random } = builder
  if (random.uniform() < 0.15) return [builder.load('bool', all)]
  return builder.program(random.pick(walkDTypes), all)
}

export function randomScan(random: Random): Case {
  const { builder, all, common } = randomWalk(random)
  const program = walkProgram(builder, all)
  const value = program.length - 1
  const dtype = dtypeAt(program, value)
  const combiners: readonly [Combiner, ...Combiner[]] = ['sum', 'max', 'min', 'prod']
  const reduction = { combiner: random.pick(combiners), value, dtype }
  const store = builder.store(dtype, all, value)
  return builder.walk({ kind: 'scan', label: 'scan', ...common, program, reduction, store })
}

/** Values are such that many are equal, and some are NaN. */
export function randomSort(random: Random): Case {
  const { builder, all, common } = randomWalk(random)
  const program = walkProgram(builder, all)
  const dtype = dtypeAt(program, program.length - 1)
  if (isFloat(dtype) && random.uniform() < 0.7) {
    const value = program.length - 1
    const four = program.push({ op: 'constant', dtype, value: 4 }) - 1
    const root = program.push(apply(dtype, 'sqrt', value)) - 1
    program.push(apply(dtype, 'mul', root, four))
    program.push(apply(dtype, 'floor', program.length - 1))
  }
  const store = builder.store('int32', all, program.length - 1)
  const descending = random.uniform() < 0.5
  return builder.walk({ kind: 'sort', label: 'sort', ...common, program, store, descending })
}

/** What is added to comes as an input, and the result is written over it. */
export function randomScatter(random: Random): Case {
  const { builder, all, common } = randomWalk(random)
  const { axes, outer } = common
  const rows = all.slice(0, outer)
  const over = random.uniform() < 0.5 ? all : all.slice(outer)
  const size = random.integer(1, 12)
  const target = builder.places(over, -2, size + 1)
  const program = walkProgram(builder, all)
  const value = program.length - 1
  const steps = [...program, target]
  const dtype = dtypeAt(program, value)
  const strides = axes.map(() => 0)
  let total = 1
  // Targets are neighbours, or rows lie between them.
  let stride = 1
  for (const axis of shuffled(random, [...rows, -1])) {
    if (axis < 0) stride = total
    else strides[axis] = total
    total *= axis < 0 ? size : (axes[axis] ?? 1)
  }
  builder.outputSpecs.push({ dtype, size: total })
  const store = { value, operand: 0, index: index(0, strides) }
  const kernel = { kind: 'scatter', label: 'scatter', ...common, store } as const
  const made = builder.walk({ ...kernel, program: steps, target: value + 1, stride, size })
  return withInitialValues(made, random.array(dtype, total))
}

/** The case with one more input, which the output is written over. */
function withInitialValues({ plan, inputs, scalars }: Case, initial: TypedArray): Case {
  const [output] = plan.outputs
  if (output === undefined) throw new Error('a plan without an output')
  const donated = inputs.length
  const outputs = [{ ...output, donated }]
  const given = { dtype: output.dtype, size: output.size }
  return {
    plan: { ...plan, inputs: [...plan.inputs, given], outputs },
    inputs: [...inputs, initial],
    scalars,
  }
}

function randomWalk(random: Random) {
  const axes = randomAxes(random, random.integer(0, 4), 4000)
  const outer = random.integer(0, axes.length)
  const all = axes.map((_, axis) => axis)
  return { builder: new KernelBuilder(random, axes), all, common: { axes, outer, operands: [] } }
}

function dtypeAt(program: readonly Step[], value: number): DType {
  return program[value]?.dtype ?? 'float32'
}
