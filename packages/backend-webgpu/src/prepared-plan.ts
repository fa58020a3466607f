import { OutOfMemoryError, type TensorweftError } from '@tensorweft/core'
import { type Launch, prepareLaunch } from './launch.ts'
import type { DeviceMemory } from './memory/device-memory.ts'
import { refusalOf, type Slab } from './memory/slabs.ts'
import type { PlanLayout } from './plan.ts'
import type { RunArguments } from './run-arguments.ts'
import type { Runtime } from './runtime.ts'
import type { Uniforms } from './uniforms.ts'

/** A word of the uniform that says where an operand starts. */
interface Base {
  readonly at: number
  readonly slot: number
  /** Where the operand lies that a buffer stands in for. */
  readonly gathered: number | undefined
}

/** The launches of a plan for arrays in certain slabs: a flat list that a run goes through. */
export class PreparedPlan {
  readonly launches: readonly Launch[]
  /** Resolves, never rejects, when all pipelines are compiled and all memory is there, or not. */
  readonly done: Promise<void>
  /** Whether that is known. */
  isReady = false
  /** Why the plan cannot run wherever its arrays lie in these slabs. */
  fault: TensorweftError | undefined
  /** Memory that the device does not have. */
  #refused: DeviceMemory | undefined
  /** What the slots lie in. */
  readonly slabs: readonly Slab[]
  readonly #bases: readonly Base[]

  constructor(layout: PlanLayout, slabs: readonly Slab[], params: GPUBuffer, runtime: Runtime) {
    const { plan, kernels } = layout
    this.slabs = slabs
    // What is bound to memory that the device turns out not to have is invalid, and never used.
    this.launches = runtime.faults.unless(
      () => this.#memories.some(({ refusal }) => refusal !== undefined),
      () => {
        const launches: Launch[] = []
        try {
          for (const kernelPlan of kernels) {
            const launch = prepareLaunch(kernelPlan, plan, slabs, params, runtime)
            if (launch !== undefined) launches.push(launch)
          }
        } catch (error) {
          for (const launch of launches) releaseLaunch(launch, runtime)
          throw error
        }
        return launches
      },
    )
    this.#bases = this.launches.flatMap(basesOf)
    const pipelines = this.launches.map(({ pipeline }) => pipeline)
    const memories = this.#memories
    const settle = () => {
      this.fault = pipelines.find(({ fault }) => fault)?.fault
      this.#refused = memories.find(({ refusal }) => refusal)
      this.isReady = true
    }
    this.done = Promise.all([
      ...pipelines.map(({ done }) => done),
      ...memories.map(({ answered }) => answered),
    ]).then(settle)
    const isCompiled = pipelines.every(({ compiled }) => compiled !== undefined)
    if (isCompiled && memories.every(({ answered }) => answered === undefined)) settle()
  }

  /** Whether it is known that the device has all memory. */
  get hasMemory(): boolean {
    return this.#memories.every(({ answered, refusal }) => !answered && refusal === undefined)
  }

  get #memories(): DeviceMemory[] {
    const gathered = this.launches.flatMap((launch) => launch.gathered?.memories ?? [])
    return [...new Set(this.slabs.map(({ memory }) => memory)), ...gathered]
  }

  /** Passes that a run has at most. */
  get mostPasses(): number {
    return this.launches.some(({ gathered }) => gathered) ? 2 * this.launches.length + 1 : 1
  }

  /** How often it can run as so many passes. */
  get mostTimes(): number {
    return this.mostPasses > 1 ? 1 : 512
  }

  /** Whether it was made for arrays that lie in the same slabs. */
  fits({ allocations }: RunArguments): boolean {
    let k = 0
    for (const slab of this.slabs) if (allocations[k++]?.slab !== slab) return false
    return true
  }

  /** Why a run with these arguments can write nothing. */
  faultFor(args: RunArguments): TensorweftError | undefined {
    const fault = this.fault ?? args.inputFault
    if (fault !== undefined || this.#refused === undefined) return fault
    for (const allocation of args.allocations) {
      const refusal = refusalOf('webgpu.run', allocation)
      if (refusal !== undefined) return refusal
    }
    const { byteLength, refusal } = this.#refused
    return new OutOfMemoryError('webgpu.run', {
      got: `a request for ${byteLength} bytes to gather arrays in (${refusal})`,
      wanted: 'as much free memory on the device',
      hint: 'dispose of tensors that are no longer needed',
    })
  }

  /** Says where the operands start. */
  placeOperands({ words }: RunArguments, uniforms: Uniforms): void {
    for (const { at, slot, gathered } of this.#bases) {
      uniforms.set(at, gathered ?? words[slot] ?? 0)
    }
  }

  /** Gives back pipelines and buffers. */
  release(runtime: Runtime): void {
    for (const launch of this.launches) releaseLaunch(launch, runtime)
  }
}

function releaseLaunch({ pipeline, gathered }: Launch, { pipelines }: Runtime): void {
  pipelines.release(pipeline)
  for (const { buffer } of gathered?.memories ?? []) buffer.destroy()
}

function basesOf({ plan, gathered }: Launch): Base[] {
  const { kernel, params, byteOffset } = plan
  return params.flatMap((param, k) => {
    if (param.kind !== 'base') return []
    const slot = kernel.operands[param.operand]?.slot ?? 0
    const moved = gathered?.relocations.find((relocation) => relocation.slot === slot)
    return { at: byteOffset / 4 + k, slot, gathered: moved && moved.byteOffset / 4 }
  })
}
