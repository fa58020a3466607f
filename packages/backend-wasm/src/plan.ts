import type { Kernel, Plan } from '@tensorweft/core'
import { type FunctionBuilder, ModuleBuilder } from './assembler/index.ts'
import { emitContraction } from './contract/contraction.ts'
import { MultiplyFunctions } from './contract/multiply.ts'
import { KernelFrame } from './kernels/kernel-frame.ts'
import { emitLoopKernel } from './kernels/loop-kernel.ts'
import { GatherFunctions } from './loops/gather.ts'
import { emitScan } from './walks/scan-kernel.ts'
import { emitScatter } from './walks/scatter-kernel.ts'
import { SortFunctions } from './walks/sort-functions.ts'
import { emitSort } from './walks/sort-kernel.ts'

/** The module of some kernels of a plan. */
export interface PlanModule {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Memory that its kernels use while they run, besides their operands. */
  readonly scratchBytes: number
}

/** Where a module finds its memory, and the function that runs its kernels. */
export const moduleNames = { module: 'tensorweft', memory: 'memory', run: 'run' }

/**
 * Writes kernels as one module. Its function `run(table, scratch)` calls one function for each
 * kernel: engines replace code by a faster version when a function is next called.
 */
export function emitPlanModule(
  plan: Plan,
  kernels: readonly Kernel[],
  maximumPages: number,
): PlanModule {
  const module = new ModuleBuilder()
  const { module: from, memory, run: name } = moduleNames
  module.importMemory(from, memory, { minimum: 1, maximum: maximumPages })
  const shared = {
    module,
    gathers: new GatherFunctions(module),
    multiply: new MultiplyFunctions(module),
    sorts: new SortFunctions(module),
  }
  const run = module.define(name)
  const [table, scratch] = [run.parameter('i32'), run.parameter('i32')]
  let scratchBytes = 0
  for (const [number, kernel] of kernels.entries()) {
    const f = module.define(`${number + 1} ${kernel.kind} ${kernel.label}`)
    scratchBytes = Math.max(scratchBytes, emitKernel(plan, kernel, shared, f))
    run.do(f.call(table, scratch))
  }
  module.export(run)
  return { bytes: module.finish(), scratchBytes }
}

interface SharedFunctions {
  readonly module: ModuleBuilder
  readonly gathers: GatherFunctions
  readonly multiply: MultiplyFunctions
  readonly sorts: SortFunctions
}

/** Writes the function of a kernel and returns the bytes of scratch memory that it needs. */
function emitKernel(
  plan: Plan,
  kernel: Kernel,
  { module, gathers, multiply, sorts }: SharedFunctions,
  f: FunctionBuilder,
): number {
  const [table, scratch] = [f.parameter('i32'), f.parameter('i32')]
  const frameOf = (of: FunctionBuilder, tableOf: typeof table) =>
    new KernelFrame(of, gathers, tableOf, plan, kernel)
  switch (kernel.kind) {
    case 'contract':
      return emitContraction({ kernel, module, multiply, f, table, scratch, frameOf })
    case 'scan':
      emitScan(frameOf(f, table), kernel)
      return 0
    case 'sort':
      return emitSort(frameOf(f, table), scratch, sorts, kernel)
    case 'scatter':
      emitScatter(frameOf(f, table), kernel)
      return 0
    case 'map':
    case 'reduce':
    case 'row':
      emitLoopKernel(frameOf(f, table), kernel)
      return 0
  }
}
