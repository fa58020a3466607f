import type { CustomKernel, Kernel, Plan } from '@tensorweft/core'
import { type FunctionBuilder, ModuleBuilder } from './assembler/index.ts'
import { emitContraction } from './contract/contraction.ts'
import { MultiplyFunctions } from './contract/multiply.ts'
import { thinAsLoops } from './contract/thin.ts'
import { KernelFrame } from './kernels/kernel-frame.ts'
import { emitLoopKernel } from './kernels/loop-kernel.ts'
import { GatherFunctions } from './loops/gather.ts'
import { costOf } from './threads/cost.ts'
import { emitSerialRun, emitSharedRun, type PiecedKernel } from './threads/emit-run.ts'
import type { Policy } from './threads/policy.ts'
import { emitScan } from './walks/scan-kernel.ts'
import { emitScatter } from './walks/scatter-kernel.ts'
import { SortFunctions } from './walks/sort-functions.ts'
import { emitSort } from './walks/sort-kernel.ts'

/** A kernel that is written here. */
export type GeneratedKernel = Exclude<Kernel, CustomKernel>

/** The module of some kernels of a plan. */
export interface PlanModule {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Memory that its kernels use while they run, besides their operands, on all threads. */
  readonly scratchBytes: number
  /** What several threads save by running it together, in nanoseconds: 0 if one is to run it. */
  readonly saved: number
}

/** What a module is written for. */
export interface Target extends Policy {
  readonly maximumPages: number
  readonly isShared: boolean
  readonly threads: number
  /** Whether the thread that runs it may wait for others. */
  readonly canWait: boolean
}

/** Where a module finds its memory, and the function that runs its kernels. */
export const moduleNames = { module: 'tensorweft', memory: 'memory', run: 'run' }

/** Pieces of one kernel: enough for threads that are not equally fast. */
const piecesPerThread = 8

/**
 * Writes kernels as one module. Its function `run(table, scratch, control, threads, number)`
 * calls one function for each kernel: engines replace code by a faster version when a function is
 * next called. Without threads the last three arguments are ignored.
 */
export function emitPlanModule(
  plan: Plan,
  kernels: readonly GeneratedKernel[],
  target: Target,
): PlanModule {
  const module = new ModuleBuilder()
  const { module: from, memory, run: name } = moduleNames
  const { maximumPages: maximum, isShared, threads, canWait, pieceCost, wakeCost } = target
  module.importMemory(from, memory, { minimum: 1, maximum, isShared })
  const functions = {
    module,
    gathers: new GatherFunctions(module),
    multiply: new MultiplyFunctions(module),
    sorts: new SortFunctions(module),
  }
  const costs = kernels.map((kernel) => costOf(kernel))
  /** What is saved at most, before it is known which kernels can be cut. */
  const shared = costs.reduce((sum, cost) => (cost < 2 * pieceCost ? sum : sum + cost), 0)
  const isCut = threads > 1 && (1 - 1 / threads) * shared > wakeCost
  const run = module.define(name)
  let saved = 0
  const pieced = kernels.map((kernel, number): PiecedKernel => {
    const f = module.define(`${number + 1} ${kernel.kind} ${kernel.label}`)
    const cost = costs[number] ?? 0
    const wanted = Math.min(cost / pieceCost, piecesPerThread * threads)
    const isWorthIt = isCut && wanted >= 2
    const { pieces, scratchBytes = 0 } = emitKernel(plan, kernel, functions, f, {
      threads: isWorthIt ? threads : 1,
      wanted: isCut ? Math.floor(wanted) : 1,
    })
    // A thread that must not wait is spared all of its work, even where one other does it.
    const shares = canWait ? Math.min(pieces || 1, threads) : threads
    if (isWorthIt) saved += (1 - 1 / shares) * cost
    return { f, pieces, remembers: kernel.kind === 'contract', scratchBytes: aligned(scratchBytes) }
  })
  const isThreaded = isCut && saved > wakeCost
  const slots = isThreaded ? threads : 1
  if (isThreaded) emitSharedRun(module, run, pieced, slots, target.patience)
  else emitSerialRun(run, pieced)
  module.export(run)
  const needs = pieced.map(({ pieces, scratchBytes }) => Math.min(pieces, slots) * scratchBytes)
  return {
    bytes: module.finish(),
    scratchBytes: Math.max(0, ...needs),
    saved: isThreaded ? saved : 0,
  }
}

/** Threads that write to one cache line would wait for each other. */
const aligned = (byteLength: number) => Math.ceil(byteLength / 64) * 64

interface SharedFunctions {
  readonly module: ModuleBuilder
  readonly gathers: GatherFunctions
  readonly multiply: MultiplyFunctions
  readonly sorts: SortFunctions
}

interface Parts {
  readonly threads: number
  /** About how many pieces the kernel is worth. */
  readonly wanted: number
}

interface KernelSizes {
  readonly pieces: number
  readonly scratchBytes?: number
}

/** Writes the function of a kernel. */
function emitKernel(
  plan: Plan,
  kernel: GeneratedKernel,
  { module, gathers, multiply, sorts }: SharedFunctions,
  f: FunctionBuilder,
  { threads, wanted }: Parts,
): KernelSizes {
  const [table, scratch, piece] = [f.parameter('i32'), f.parameter('i32'), f.parameter('i32')]
  const frameOf = (of: FunctionBuilder, tableOf: typeof table) =>
    new KernelFrame(of, gathers, tableOf, plan, kernel)
  switch (kernel.kind) {
    case 'contract': {
      const loops = thinAsLoops(kernel)
      return loops === undefined
        ? emitContraction({ kernel, module, multiply, f, table, scratch, piece, frameOf }, threads)
        : emitLoopKernel(frameOf(f, table), loops, { piece, scratch, wanted })
    }
    case 'scan':
      return { pieces: emitScan(frameOf(f, table), kernel, piece, wanted) }
    case 'sort':
      return emitSort(frameOf(f, table), scratch, sorts, kernel, piece, wanted)
    case 'scatter':
      return { pieces: emitScatter(frameOf(f, table), kernel, piece, wanted) }
    case 'map':
    case 'reduce':
    case 'row':
      return emitLoopKernel(frameOf(f, table), kernel, { piece, scratch, wanted })
  }
}
