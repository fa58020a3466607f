import type { DType } from '../dtype.ts'
import { topologicalOrder } from '../graph/order.ts'
import { compile, realize, setBackend, Tensor, tensor } from '../index.ts'
import type { Kernel } from '../ir/kernel.ts'
import type { Plan } from '../ir/plan.ts'
import type { Program } from '../ir/program.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { sizeOf } from '../shape.ts'
import { makePlan } from './make-plan.ts'

type Build = () => readonly Tensor<DType>[]

/** The plan of a compiled function that makes these tensors. */
export function planOf(build: Build, backend = new NaiveBackend()): Plan {
  return makePlan(compile(build).traced().structure, backend)
}

/** What the kernels are, such as `map: mul add`. */
export function kernelsOf(build: Build): string[] {
  return planOf(build).kernels.map(({ kind, label }) => `${kind}: ${label}`)
}

/** Instructions that a plan executes, loads and stores included. */
export function workOf(plan: Plan): number {
  return plan.kernels.reduce((work, kernel) => work + kernelWork(kernel), 0)
}

function kernelWork(kernel: Kernel): number {
  const pointsOf = (axes: readonly number[]) => sizeOf(axes.map((axis) => kernel.axes[axis] ?? 1))
  const cost = (program: Program) => program.length
  if (kernel.kind === 'contract') {
    const { batch, m, n, k, left, right, epilogue, stores } = kernel
    const outer = pointsOf([...batch, ...m, ...n])
    // Packing evaluates each side once per point of its own axes.
    const packed =
      pointsOf([...batch, ...m, ...k]) * cost(left.program) +
      pointsOf([...batch, ...n, ...k]) * cost(right.program)
    return packed + outer * pointsOf(k) * 2 + outer * (cost(epilogue) + stores.length)
  }
  if (kernel.kind === 'custom') return 0
  const numbers = kernel.axes.map((_, axis) => axis)
  if (!('stages' in kernel)) return pointsOf(numbers) * (cost(kernel.program) + 1)
  return kernel.stages.reduce((work, { over, program, stores, reductions }) => {
    const points = pointsOf(over === 'all' ? numbers : numbers.slice(0, kernel.outer))
    return work + points * (cost(program) + stores.length + reductions.length)
  }, 0)
}

/**
 * The values of what `build` makes: computed in one plan, and with a plan for every single op.
 * Leaves must have the same values each time.
 */
export async function valuesBothWays(
  build: Build,
): Promise<{ together: number[][]; oneByOne: number[][] }> {
  await setBackend(new NaiveBackend())
  const single = build()
  for (const node of topologicalOrder(single.map((end) => end.node))) {
    await realize(new Tensor<DType>(node))
  }
  return { together: await dataOf(compile(build)()), oneByOne: await dataOf(single) }
}

function dataOf(tensors: readonly Tensor<DType>[]): Promise<number[][]> {
  return Promise.all(tensors.map(async (tensor) => [...(await tensor.data())]))
}

/** A tensor of fixed numbers between −1 and 1. */
export function wave(shape: readonly number[], phase = 1): Tensor {
  const values = Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i * 1.7 + phase))
  return tensor(values, { shape })
}
