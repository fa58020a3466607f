import { byteLengthOf, type Plan, writtenOperands } from '@tensorweft/core'
import { writeKernel } from './kernels/write-kernel.ts'
import type { Slab } from './memory/slabs.ts'
import { bufferUsage } from './memory/usage.ts'
import type { Pipeline } from './pipelines.ts'
import type { KernelPlan } from './plan.ts'
import type { Runtime } from './runtime.ts'

/** Where an array lies. */
export interface ArrayPlace {
  readonly slab: Slab
  readonly byteOffset: number
}

/** Copies between an array and the buffer that stands in for it. */
interface Relocation {
  readonly operand: number
  readonly byteLength: number
  readonly byteOffset: number
  readonly isWritten: boolean
}

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

export interface Gathered {
  readonly buffer: GPUBuffer
  readonly relocations: readonly Relocation[]
}

const maxWorkgroupsPerDimension = 65_535

/** Pairs of numbers whose product is at least `workgroups`, within the limits of a dispatch. */
export function foldGrid(workgroups: number): { columns: number; rows: number } {
  const rows = Math.ceil(workgroups / maxWorkgroupsPerDimension)
  return { columns: Math.ceil(workgroups / Math.max(rows, 1)), rows }
}

/**
 * Prepares a kernel for operands at `places`: takes the pipeline for their distribution over slabs
 * and binds these. Undefined if the kernel has nothing to do.
 */
export function prepareLaunch(
  kernelPlan: KernelPlan,
  plan: Plan,
  places: readonly ArrayPlace[],
  params: GPUBuffer,
  runtime: Runtime,
): Launch | undefined {
  const { kernel, byteOffset } = kernelPlan
  const { device, pipelines, maxBindings } = runtime
  const slabs = [...new Set(places.map(({ slab }) => slab))]
  const isGathered = slabs.length > maxBindings
  const bindings = places.map(({ slab }) => (isGathered ? 0 : slabs.indexOf(slab)))
  const { code, workgroups } = writeKernel(kernel, bindings)
  if (workgroups === 0) return undefined
  const gathered = isGathered ? gather(kernelPlan, plan, device) : undefined
  const arrays = gathered === undefined ? slabs.map(({ buffer }) => buffer) : [gathered.buffer]
  const pipeline = pipelines.acquire(code, arrays.length, kernel.label)
  const size = kernelPlan.params.length * 4
  const uniform = { buffer: params, offset: byteOffset, size }
  const bindGroup = device.createBindGroup({
    layout: pipeline.layout,
    entries: [
      { binding: 0, resource: uniform },
      ...arrays.map((buffer, k) => ({ binding: k + 1, resource: { buffer } })),
    ],
  })
  return { plan: kernelPlan, pipeline, bindGroup, gathered, ...foldGrid(workgroups) }
}

/** A buffer of its own with a place for each operand. */
function gather({ kernel }: KernelPlan, plan: Plan, device: GPUDevice): Gathered {
  const written = writtenOperands(kernel)
  let size = 0
  const relocations = kernel.operands.map(({ slot, dtype }, operand): Relocation => {
    const byteOffset = size
    const byteLength = Math.ceil(byteLengthOf(dtype, plan.slots[slot]?.size ?? 0) / 4) * 4
    size += Math.max(Math.ceil(byteLength / 256), 1) * 256
    return { operand, byteOffset, byteLength, isWritten: written.includes(operand) }
  })
  const usage = bufferUsage.storage | bufferUsage.copySource | bufferUsage.copyTarget
  const buffer = device.createBuffer({ label: `gathered for ${kernel.label}`, size, usage })
  return { buffer, relocations }
}

/** Records a kernel in a pass; the pass goes on, or is a new one where copies came in between. */
export function encodeLaunch(
  encoder: GPUCommandEncoder,
  pass: GPUComputePassEncoder,
  launch: Launch,
  operandPlaces: () => readonly ArrayPlace[],
): GPUComputePassEncoder {
  const { gathered } = launch
  if (gathered === undefined) {
    dispatch(pass, launch)
    return pass
  }
  pass.end()
  const places = operandPlaces()
  copyOperands(encoder, gathered, places, false)
  const own = encoder.beginComputePass()
  dispatch(own, launch)
  own.end()
  copyOperands(encoder, gathered, places, true)
  return encoder.beginComputePass()
}

function dispatch(pass: GPUComputePassEncoder, { pipeline, bindGroup, columns, rows }: Launch) {
  if (pipeline.compiled === undefined) return
  pass.setPipeline(pipeline.compiled)
  pass.setBindGroup(0, bindGroup)
  pass.dispatchWorkgroups(columns, rows)
}

function copyOperands(
  encoder: GPUCommandEncoder,
  { buffer, relocations }: Gathered,
  places: readonly ArrayPlace[],
  isBack: boolean,
): void {
  for (const { operand, byteOffset, byteLength, isWritten } of relocations) {
    const place = places[operand]
    if (place === undefined || byteLength === 0 || (isBack && !isWritten)) continue
    const { slab } = place
    if (isBack) {
      encoder.copyBufferToBuffer(buffer, byteOffset, slab.buffer, place.byteOffset, byteLength)
    } else {
      encoder.copyBufferToBuffer(slab.buffer, place.byteOffset, buffer, byteOffset, byteLength)
    }
  }
}
