import {
  type ArraySpec,
  BackendError,
  type BufferView,
  byteLengthOf,
  contractVersion,
  createTypedArray,
  type Executable,
  type Kernel,
  type Plan,
  type Slot,
} from '@tensorweft/core'
import { compileContraction } from './contract/contraction.ts'
import type { Binding } from './interpreter/binding.ts'
import type { CompiledKernel } from './kernel.ts'
import { compileLoopKernel } from './loops/loop-kernel.ts'
import type { Memory, Storage } from './memory.ts'

/** The bindings of a plan: one for each slot and dtype that an operand names. */
class Bindings {
  readonly all: Binding[] = []
  private readonly plan: Plan

  constructor(plan: Plan) {
    this.plan = plan
  }

  of(kernel: Kernel): Binding[] {
    return kernel.operands.map(({ slot, dtype }) => {
      if (this.plan.slots[slot] === undefined) {
        throw new BackendError('cpu.compile', {
          got: `slot ${slot} in the kernel '${kernel.label}'`,
          wanted: `one of the ${this.plan.slots.length} slots of the plan`,
        })
      }
      const known = this.all.find((binding) => binding.slot === slot && binding.dtype === dtype)
      if (known !== undefined) return known
      const binding: Binding = { slot, dtype, array: createTypedArray(dtype, 0) }
      this.all.push(binding)
      return binding
    })
  }
}

function checkCount(what: string, got: number, wanted: number): void {
  if (got === wanted) return
  throw new BackendError('cpu.run', {
    got: `${got} ${what}`,
    wanted: `${wanted}, as the plan was compiled for`,
  })
}

class CpuExecutable implements Executable {
  readonly ready = Promise.resolve()
  private readonly plan: Plan
  private readonly memory: Memory
  private readonly bindings: readonly Binding[]
  private readonly kernels: readonly CompiledKernel[]
  /** The numbers of the current run; programs keep a reference. */
  private readonly scalars: number[]
  private arena: Storage | undefined

  constructor(plan: Plan, memory: Memory) {
    this.plan = plan
    this.memory = memory
    this.scalars = plan.scalars.map(() => 0)
    const bindings = new Bindings(plan)
    this.kernels = plan.kernels.map((kernel) => {
      const operands = bindings.of(kernel)
      return kernel.kind === 'contract'
        ? compileContraction(kernel, operands, this.scalars)
        : compileLoopKernel(kernel, operands, this.scalars)
    })
    this.bindings = bindings.all
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

  private bind(inputs: readonly BufferView[], outputs: readonly BufferView[]): void {
    const { arena, plan, memory } = this
    if (arena === undefined) {
      throw new BackendError('cpu.run', {
        got: 'an executable that was disposed',
        wanted: 'a live one',
        hint: 'compile the plan again',
      })
    }
    const inputStorages = storagesOf(memory, inputs, plan.inputs)
    const outputStorages = storagesOf(memory, outputs, plan.outputs)
    const locate = (slot: Slot): { storage: Storage | undefined; byteOffset: number } => {
      switch (slot.in) {
        case 'arena':
          return { storage: arena, byteOffset: slot.byteOffset }
        case 'input':
          return {
            storage: inputStorages[slot.input],
            byteOffset: inputs[slot.input]?.byteOffset ?? 0,
          }
        case 'output':
          return {
            storage: outputStorages[slot.output],
            byteOffset: outputs[slot.output]?.byteOffset ?? 0,
          }
      }
    }
    for (const binding of this.bindings) {
      const slot = plan.slots[binding.slot]
      if (slot === undefined) continue
      const { storage, byteOffset } = locate(slot)
      const size = byteLengthOf(slot.dtype, slot.size) / byteLengthOf(binding.dtype)
      if (storage !== undefined) binding.array = storage.view(binding.dtype, byteOffset, size)
    }
  }
}

function storagesOf(
  memory: Memory,
  views: readonly BufferView[],
  specs: readonly ArraySpec[],
): Storage[] {
  return specs.map(({ dtype, size }, k) => {
    const view = views[k]
    if (view === undefined) {
      throw new BackendError('cpu.run', { got: `no view ${k}`, wanted: 'a view for each array' })
    }
    return memory.storage('run', view, byteLengthOf(dtype, size))
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
