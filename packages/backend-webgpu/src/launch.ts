import type { Plan } from '@tensorweft/core'
import { arrange, type Gathered, gather } from './gather.ts'
import { writeKernel } from './kernels/write-kernel.ts'
import type { Slab } from './memory/slabs.ts'
import type { Pipeline } from './pipelines.ts'
import type { KernelPlan } from './plan.ts'
import type { RunArguments } from './run-arguments.ts'
import type { Runtime } from './runtime.ts'

/** A kernel ready to be dispatched on arrays in certain slabs. */
export interface Launch {
  readonly plan: KernelPlan
  readonly pipeline: Pipeline
  readonly bindGroup: GPUBindGroup
  readonly columns: number
  readonly rows: number
  /** Where operands are gathered that lie in more slabs than one dispatch may bind. */
  readonly gathered: Gathered | undefined
}

const maxWorkgroupsPerDimension = 65_535

/** Pairs of numbers whose product is at least `workgroups`, within the limits of a dispatch. */
export function foldGrid(workgroups: number): { columns: number; rows: number } {
  const rows = Math.ceil(workgroups / maxWorkgroupsPerDimension)
  return { columns: Math.ceil(workgroups / Math.max(rows, 1)), rows }
}

/**
 * Prepares a kernel for arrays in `slabs`, one for each slot: takes the pipeline for the
 * distribution of its operands over slabs and binds these. Undefined if the kernel has nothing to
 * do.
 */
export function prepareLaunch(
  kernelPlan: KernelPlan,
  plan: Plan,
  slabs: readonly Slab[],
  params: GPUBuffer,
  runtime: Runtime,
): Launch | undefined {
  const { kernel, byteOffset } = kernelPlan
  const { device, pipelines } = runtime
  const { stay, moved, bindings } = arrange(kernel, plan, slabs, runtime)
  const { code, workgroups } = writeKernel(kernel, bindings, runtime.features, runtime.tiles.choose)
  if (workgroups === 0) return undefined
  const gathered = gather(kernel, moved, device)
  const buffers = [...stay, ...(gathered?.memories ?? [])].map(({ buffer }) => buffer)
  const pipeline = pipelines.acquire(code, buffers.length, kernel.label)
  const size = kernelPlan.params.length * 4
  const uniform = { buffer: params, offset: byteOffset, size }
  const bindGroup = device.createBindGroup({
    layout: pipeline.layout,
    entries: [
      { binding: 0, resource: uniform },
      ...buffers.map((buffer, k) => ({ binding: k + 1, resource: { buffer } })),
    ],
  })
  return { plan: kernelPlan, pipeline, bindGroup, gathered, ...foldGrid(workgroups) }
}

/** Records launches one after the other, in one pass unless copies come in between. */
export class LaunchEncoder {
  readonly #encoder: GPUCommandEncoder
  /** What each pass begins with, for those who measure. */
  readonly #describePass: (() => GPUComputePassDescriptor) | undefined
  #pass: GPUComputePassEncoder | undefined
  #pipeline: Pipeline | undefined

  constructor(encoder: GPUCommandEncoder, describePass?: () => GPUComputePassDescriptor) {
    this.#encoder = encoder
    this.#describePass = describePass
  }

  encode(launch: Launch, args: RunArguments): void {
    const { gathered } = launch
    if (gathered === undefined) {
      this.#dispatch(launch)
      return
    }
    this.end()
    this.#copy(gathered, args, false)
    this.#dispatch(launch)
    this.end()
    this.#copy(gathered, args, true)
  }

  end(): void {
    this.#pass?.end()
    this.#pass = undefined
    this.#pipeline = undefined
  }

  #dispatch({ pipeline, bindGroup, columns, rows }: Launch): void {
    if (pipeline.compiled === undefined) return
    this.#pass ??= this.#encoder.beginComputePass(this.#describePass?.())
    if (pipeline !== this.#pipeline) this.#pass.setPipeline(pipeline.compiled)
    this.#pipeline = pipeline
    this.#pass.setBindGroup(0, bindGroup)
    this.#pass.dispatchWorkgroups(columns, rows)
  }

  #copy({ relocations }: Gathered, args: RunArguments, isBack: boolean): void {
    for (const { slot, buffer, byteOffset, byteLength, isWritten } of relocations) {
      const array = args.allocations[slot]?.slab.buffer
      const at = (args.words[slot] ?? 0) * 4
      if (array === undefined || byteLength === 0 || (isBack && !isWritten)) continue
      if (isBack) this.#encoder.copyBufferToBuffer(buffer, byteOffset, array, at, byteLength)
      else this.#encoder.copyBufferToBuffer(array, at, buffer, byteOffset, byteLength)
    }
  }
}
