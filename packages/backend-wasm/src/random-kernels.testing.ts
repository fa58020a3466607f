import type { Combiner, Reduction, Stage, Step, TypedArray } from '@tensorweft/core'
import { type Case, CaseBuilder, type ValueDType } from './case-builder.testing.ts'
import { apply, index, type Random } from './plans.testing.ts'

const valueDTypes = ['float32', 'float32', 'int32', 'uint8', 'bool'] as const

/** Float sums and products grow beyond what is exact; bools are not added. */
const combinersOf: Readonly<Record<ValueDType, readonly [Combiner, ...Combiner[]]>> = {
  float32: ['max', 'min'],
  int32: ['sum', 'prod', 'max', 'min'],
  uint8: ['sum', 'prod', 'max', 'min'],
  bool: ['max', 'min'],
}

/** The first element that differs, or −1. Which of two zeros the larger one is, is up to a backend. */
export function firstDifference(wanted: TypedArray, got: TypedArray): number {
  return wanted.findIndex((value, k) => value !== got[k] && !Object.is(value, got[k]))
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
