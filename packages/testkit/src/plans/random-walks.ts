import { type ScanKernel, type ScatterKernel, type SortKernel, sizeOf } from '@tensorweft/core'
import { exactCombiners, mostFor } from './exact-reductions.ts'
import { randomAxes } from './random-axes.ts'
import { RandomKernel } from './random-kernel.ts'
import type { RandomKernelContext } from './random-options.ts'
import { largestExact, largestGiven } from './random-program.ts'
import { affine, apply } from './steps.ts'

interface Walk {
  readonly kernel: RandomKernel
  readonly axes: readonly number[]
  readonly outer: number
  /** Points of a row. */
  readonly size: number
}

function randomWalk(context: RandomKernelContext): Walk {
  const { random } = context
  const axes = randomAxes(random, random.integer(0, 4), 8000)
  const outer = random.integer(0, axes.length)
  return { kernel: new RandomKernel(context, axes), axes, outer, size: sizeOf(axes.slice(outer)) }
}

/** Running totals of a program's values. */
export function randomScan(context: RandomKernelContext): ScanKernel {
  const { kernel, axes, outer, size } = randomWalk(context)
  const { random, allAxes } = kernel
  const dtype = kernel.pickDType()
  const combiner = random.pick(exactCombiners(dtype, size, largestGiven))
  const { steps: program, last: value } = kernel.program(
    dtype,
    allAxes,
    [],
    mostFor(combiner, size),
  )
  const reduction = { combiner, value, dtype }
  const store = { value, ...kernel.arrays.result(dtype, allAxes) }
  const { operands } = kernel
  return { kind: 'scan', label: context.label, axes, outer, operands, program, reduction, store }
}

/** Values are small integers, many of them equal; some floats are fractions, NaN or −0. */
export function randomSort(context: RandomKernelContext): SortKernel {
  const { kernel, axes, outer } = randomWalk(context)
  const { random, allAxes } = kernel
  const dtype = kernel.pickDType()
  const program = kernel.program(dtype, allAxes)
  if (kernel.hasSpecials && dtype === 'float32' && random.chance(0.5)) {
    const value = program.last
    const root = program.push(apply(dtype, 'sqrt', value), largestExact)
    program.push(apply(dtype, 'mul', root, value), Number.POSITIVE_INFINITY)
  }
  const store = { value: program.last, ...kernel.arrays.result('int32', allAxes) }
  const descending = random.chance(0.5)
  const { operands } = kernel
  const { steps } = program
  return {
    kind: 'sort',
    label: context.label,
    axes,
    outer,
    operands,
    program: steps,
    store,
    descending,
  }
}

/** Targets are those of a point, or of the points of all rows; some are not there. */
export function randomScatter(context: RandomKernelContext): ScatterKernel {
  const { kernel, axes, outer, size: points } = randomWalk(context)
  const { random, allAxes } = kernel
  const dtype = kernel.pickDType()
  const size = random.integer(1, 12)
  // What is there beforehand counts as well.
  const program = kernel.program(dtype, allAxes, [], mostFor('sum', points + 1))
  const value = program.last
  const over = random.chance(0.5) ? allAxes : allAxes.slice(outer)
  const target = kernel.places(program, over, -2, size + 1)
  const strides = axes.map(() => 0)
  let [total, stride] = [1, 1]
  for (const axis of random.shuffled([...allAxes.slice(0, outer), -1])) {
    if (axis < 0) stride = total
    else strides[axis] = total
    total *= axis < 0 ? size : (axes[axis] ?? 1)
  }
  const store = { value, operand: kernel.arrays.updated(dtype, total), index: affine(strides) }
  const { operands } = kernel
  const { steps } = program
  return {
    kind: 'scatter',
    label: context.label,
    axes,
    outer,
    operands,
    program: steps,
    target,
    stride,
    size,
    store,
  }
}
