import { type LoopKernel, type Reduction, type Stage, sizeOf } from '@tensorweft/core'
import { exactCombiners, mostFor, reducedBound } from './exact-reductions.ts'
import { randomAxes } from './random-axes.ts'
import { RandomKernel } from './random-kernel.ts'
import type { RandomKernelContext } from './random-options.ts'
import { type BoundedStep, largestGiven, type RandomProgram } from './random-program.ts'

/** A loop kernel with any number of stages: `map` without reduced axes, else `reduce` or `row`. */
export function randomLoops(context: RandomKernelContext): LoopKernel {
  const { random, label } = context
  const axes = randomAxes(random, random.integer(0, 4), 8000)
  const isMap = random.chance(0.4)
  const outer = isMap ? axes.length : random.integer(0, axes.length)
  const kernel = new RandomKernel(context, axes)
  const stages: Stage[] = []
  const reduced: BoundedStep[] = []
  for (let k = isMap ? 0 : random.integer(1, 3); k > 0; k--) {
    stages.push(walk(kernel, outer, reduced))
    if (random.chance(0.2)) stages.push(finish(kernel, outer, reduced))
  }
  stages.push(finish(kernel, outer, reduced))
  const isReduce = stages.length === 2 && stages[0]?.stores.length === 0
  const kind = isMap ? 'map' : isReduce ? 'reduce' : 'row'
  return { kind, label, axes, outer, operands: kernel.operands, stages }
}

/** A stage over all axes with one or two reductions, whose results it adds to `reduced`. */
function walk(kernel: RandomKernel, outer: number, reduced: BoundedStep[]): Stage {
  const { random, axes, allAxes } = kernel
  const size = sizeOf(axes.slice(outer))
  const dtype = kernel.pickDType()
  const combiner = random.pick(exactCombiners(dtype, size, largestGiven))
  const program = kernel.program(dtype, allAxes, reduced, mostFor(combiner, size))
  const value = program.last
  const reductions: Reduction[] = [{ combiner, value, dtype }]
  if (random.chance(0.3)) reductions.push(secondReduction(kernel, program, size))
  for (const { combiner, value } of reductions) {
    const step = { op: 'reduced', dtype, reduction: reduced.length } as const
    reduced.push({ step, bound: reducedBound(combiner, size, program.boundOf(value)) })
  }
  const stores = random.chance(0.3) ? [kernel.store(program, allAxes, value)] : []
  return { over: 'all', program: program.steps, reductions, stores }
}

function secondReduction(kernel: RandomKernel, program: RandomProgram, size: number): Reduction {
  const { dtype } = program
  const value = program.any()
  const combiners = exactCombiners(dtype, size, program.boundOf(value))
  return { combiner: kernel.random.pick(combiners), value, dtype }
}

/** A stage over the outer axes that stores one or two values. */
function finish(kernel: RandomKernel, outer: number, reduced: readonly BoundedStep[]): Stage {
  const over = kernel.allAxes.slice(0, outer)
  const program = kernel.program(kernel.pickDType(), over, reduced)
  const stores = [kernel.store(program, over, program.last)]
  if (kernel.random.chance(0.4)) stores.push(kernel.store(program, over, 0))
  return { over: 'outer', program: program.steps, reductions: [], stores }
}
