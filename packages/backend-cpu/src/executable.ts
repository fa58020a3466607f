import {
  type ArraySpec,
  BackendError,
  type BufferView,
  byteLengthOf,
  type CustomKernel,
  contractVersion,
  customFunction,
  type Executable,
  type Kernel,
  type Plan,
} from '@tensorweft/core'
import { Bindings, type Place } from './bindings.ts'
import { compileContraction } from './contract/contraction.ts'
import type { Binding } from './interpreter/binding.ts'
import type { CompiledKernel } from './kernel.ts'
import { compileLoopKernel } from './loops/loop-kernel.ts'
import type { Memory } from './memory.ts'
import { compileScan } from './walks/scan-kernel.ts'
import { compileScatter } from './walks/scatter-kernel.ts'
import { compileSort } from './walks/sort-kernel.ts'

class CpuExecutable implements Executable {
  readonly ready = Promise.resolve()
  private readonly plan: Plan
  private readonly memory: Memory
  private readonly bindings: Bindings
  private readonly kernels: readonly CompiledKernel[]
  /** The numbers of the current run; programs keep a reference. */
  private readonly scalars: number[]
  private arena: ArrayBuffer | undefined

  constructor(plan: Plan, memory: Memory) {
    this.plan = plan
    this.memory = memory
    this.scalars = plan.scalars.map(() => 0)
    this.bindings = new Bindings(plan)
    this.kernels = plan.kernels.map((kernel) => {
      return compileKernel(kernel, this.bindings.of(kernel), this.scalars)
    })
    this.arena = memory.take('compile', plan.arenaByteLength)
  }

  run(
    inputs: readonly BufferView[],
    outputs: readonly BufferView[],
    scalars: readonly number[],
  ): void {
    const { plan } = this
    checkCount('inputs', inputs.length, plan.inputs.length)
    checkCount('outputs', outputs.length, plan.outputs.length)
    checkCount('scalars', scalars.length, plan.scalars.length)
    this.bind(inputs, outputs)
    for (let k = 0; k < scalars.length; k++) this.scalars[k] = scalars[k] ?? 0
    for (const kernel of this.kernels) kernel.run()
  }

  dispose(): void {
    if (this.arena === undefined) return
    this.memory.give(this.arena)
    this.arena = undefined
  }

  /** Checks all views before any array is bound. */
  private bind(inputs: readonly BufferView[], outputs: readonly BufferView[]): void {
    const { arena, plan } = this
    if (arena === undefined) {
      throw new BackendError('cpu.run', {
        got: 'an executable that was disposed',
        wanted: 'a live one',
        hint: 'compile the plan again',
      })
    }
    const inputPlaces = this.placesOf(inputs, plan.inputs)
    const outputPlaces = this.placesOf(outputs, plan.outputs)
    this.bindings.place((slot) => {
      switch (slot.in) {
        case 'arena':
          return { memory: arena, byteOffset: slot.byteOffset }
        case 'input':
          return placeAt(inputPlaces, slot.input)
        case 'output':
          return placeAt(outputPlaces, slot.output)
      }
    })
  }

  private placesOf(views: readonly BufferView[], specs: readonly ArraySpec[]): Place[] {
    return views.map((view, k) => {
      const { dtype, size } = specs[k] ?? { dtype: 'uint8', size: 0 }
      const memory = this.memory.memoryOf('run', view, byteLengthOf(dtype, size))
      return { memory, byteOffset: view.byteOffset }
    })
  }
}

function compileKernel(
  kernel: Kernel,
  operands: readonly Binding[],
  scalars: readonly number[],
): CompiledKernel {
  switch (kernel.kind) {
    case 'contract':
      return compileContraction(kernel, operands, scalars)
    case 'scan':
      return compileScan(kernel, operands, scalars)
    case 'sort':
      return compileSort(kernel, operands, scalars)
    case 'scatter':
      return compileScatter(kernel, operands, scalars)
    case 'custom':
      return compileCustom(kernel, operands)
    case 'map':
    case 'reduce':
    case 'row':
      return compileLoopKernel(kernel, operands, scalars)
  }
}

function compileCustom(kernel: CustomKernel, operands: readonly Binding[]): CompiledKernel {
  const run = customFunction(kernel, 'cpu')
  return { run: () => run(operands.map(({ array }) => array)) }
}

function placeAt(places: readonly Place[], number: number): Place {
  const place = places[number]
  if (place !== undefined) return place
  throw new BackendError('cpu.run', {
    got: `a slot for array ${number} of ${places.length}`,
    wanted: 'an input or output of the plan',
  })
}

function checkCount(what: string, got: number, wanted: number): void {
  if (got === wanted) return
  throw new BackendError('cpu.run', {
    got: `${got} ${what}`,
    wanted: `${wanted}, as the plan was compiled for`,
  })
}

/** Prepares everything that can be known before the first run, and takes the arena. */
export function compilePlan(plan: Plan, memory: Memory): Executable {
  if (plan.version !== contractVersion) {
    throw new BackendError('cpu.compile', {
      got: `a plan of version ${plan.version}`,
      wanted: `version ${contractVersion}`,
      hint: 'install the same release of @tensorweft/core and @tensorweft/backend-cpu',
    })
  }
  return new CpuExecutable(plan, memory)
}
