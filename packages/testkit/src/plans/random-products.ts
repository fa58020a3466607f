import {
  type ContractKernel,
  type LoopKernel,
  type Program,
  type Reduction,
  type Store,
  sizeOf,
} from '@tensorweft/core'
import { mostFor } from './exact-reductions.ts'
import { randomAxes } from './random-axes.ts'
import { RandomKernel } from './random-kernel.ts'
import type { RandomKernelContext } from './random-options.ts'
import { largestExact, type RandomDType, RandomProgram } from './random-program.ts'
import { apply } from './steps.ts'

/** dtypes that products are formed of. */
const numbers = ['float32', 'int32', 'uint8'] as const

/** What factors may be in magnitude, so that half of what is exact is left beside their sum. */
function mostOfFactors(size: number): number {
  return Math.floor(Math.sqrt(mostFor('sum', size) / 2))
}

/** One sum of products, with operands that repeat along some of the axes. */
export function randomSumOfProducts(context: RandomKernelContext): LoopKernel {
  const { random, label } = context
  const axes = randomAxes(random, random.integer(2, 5), 20_000)
  const outer = random.integer(1, axes.length - 1)
  const kernel = new RandomKernel(context, axes)
  const dtype = kernel.pickDType(numbers)
  const size = sizeOf(axes.slice(outer))
  const most = mostOfFactors(size)
  const program = new RandomProgram(random, dtype, most)
  const some = () => kernel.allAxes.filter(() => random.chance(0.7))
  const left = kernel.load(program, some())
  let right = kernel.load(program, some())
  if (random.chance(0.3)) right = program.push(apply(dtype, 'max', left, right), most)
  const value = program.push(apply(dtype, 'mul', left, right), most * most)
  const reductions: Reduction[] = [{ combiner: 'sum', value, dtype }]
  const over = kernel.allAxes.slice(0, outer)
  const epilogue = epilogueOf(kernel, dtype, over, most * most * size)
  const stages: LoopKernel['stages'] = [
    { over: 'all', program: program.steps, reductions, stores: [] },
    { over: 'outer', reductions: [], ...epilogue },
  ]
  return { kind: 'reduce', label, axes, outer, operands: kernel.operands, stages }
}

/** A contraction over groups of up to two axes each, with programs on all sides. */
export function randomContraction(context: RandomKernelContext): ContractKernel {
  const { random, label } = context
  const counts = [random.integer(0, 1), 0, 0, 0].map((n, i) => (i === 0 ? n : random.integer(0, 2)))
  const rank = counts.reduce((sum, count) => sum + count, 0)
  const axes = randomAxes(random, rank, 30_000)
  const rest = [...axes.keys()]
  const [batch = [], m = [], n = [], k = []] = counts.map((count) => rest.splice(0, count))
  const kernel = new RandomKernel(context, axes)
  const dtype = kernel.pickDType(numbers)
  const size = sizeOf(k.map((axis) => axes[axis] ?? 1))
  const most = mostOfFactors(size)
  const left = { program: factor(kernel, dtype, [...batch, ...m, ...k], most) }
  const right = { program: factor(kernel, dtype, [...batch, ...n, ...k], most) }
  const finish = epilogueOf(kernel, dtype, [...batch, ...m, ...n], most * most * size)
  const { program: epilogue, stores } = finish
  const { operands } = kernel
  return { kind: 'contract', label, axes, operands, batch, m, n, k, left, right, epilogue, stores }
}

/** One side of a contraction: elements as they are, picked ones, or a program. */
function factor(
  kernel: RandomKernel,
  dtype: RandomDType,
  over: readonly number[],
  most: number,
): Program {
  const { random } = kernel
  const isPicked = random.chance(0.2)
  if (!isPicked && random.chance(0.4)) return kernel.program(dtype, over, [], most).steps
  const program = new RandomProgram(random, dtype, most)
  if (isPicked) kernel.gather(program, over)
  else kernel.load(program, over)
  return program.steps
}

/** Computes with the sum of products, and stores one or two values. */
function epilogueOf(
  kernel: RandomKernel,
  dtype: RandomDType,
  over: readonly number[],
  bound: number,
): { program: Program; stores: readonly Store[] } {
  const sum = { op: 'reduced', dtype, reduction: 0 } as const
  const program = kernel.program(dtype, over, [{ step: sum, bound }], largestExact / 2)
  const other = program.last
  const total = program.boundOf(other) + bound
  const value = program.push(apply(dtype, 'add', other, program.steps.indexOf(sum)), total)
  const stores = [kernel.store(program, over, value)]
  if (kernel.random.chance(0.3)) stores.push(kernel.store(program, over, other))
  return { program: program.steps, stores }
}
