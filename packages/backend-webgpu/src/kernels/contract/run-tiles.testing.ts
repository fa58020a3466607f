import {
  byteLengthOf,
  createTypedArray,
  type Plan,
  type TypedArray,
  writtenOperands,
} from '@tensorweft/core'
import type { PlanCase } from '@tensorweft/testkit/plans'
import { bufferUsage, mapModeRead } from '../../memory/usage.ts'
import { paramsOf, wordOf } from '../../wgsl/params.ts'
import { contractShader } from '../contract.ts'
import type { Tile } from './tile.ts'

const computeStage = 4

/** Where the plan's arrays lie: what is read in one buffer, what is written in another. */
function layOut({ kernels, slots }: Plan) {
  const written = new Set(
    kernels.flatMap((kernel) =>
      writtenOperands(kernel).map((operand) => kernel.operands[operand]?.slot),
    ),
  )
  const byteLengths = [0, 0]
  const places = slots.map(({ dtype, size }, slot) => {
    const binding = written.has(slot) ? 1 : 0
    const byteOffset = byteLengths[binding] ?? 0
    byteLengths[binding] = byteOffset + Math.ceil((byteLengthOf(dtype, size) + 1) / 256) * 256
    return { binding, byteOffset }
  })
  return { places, byteLengths }
}

/** Runs the contractions of a plan with one tile for all. */
export async function runTiles(
  device: GPUDevice,
  { plan, inputs, scalars }: PlanCase,
  tile: Tile,
): Promise<TypedArray[]> {
  const { places, byteLengths } = layOut(plan)
  const usage = bufferUsage.storage | bufferUsage.copySource | bufferUsage.copyTarget
  const buffers = byteLengths.map((size) => device.createBuffer({ size: size + 256, usage }))
  // As in `runPlan`: a value that was left unwritten must show.
  for (const buffer of buffers) {
    device.queue.writeBuffer(buffer, 0, new Uint8Array(buffer.size).fill(0xaa))
  }
  for (const [slot, { in: kind, ...rest }] of plan.slots.entries()) {
    const place = places[slot]
    const values = kind === 'input' && 'input' in rest ? inputs[rest.input] : undefined
    const buffer = buffers[place?.binding ?? 0]
    if (values === undefined || buffer === undefined || place === undefined) continue
    const bytes = new Uint8Array(Math.ceil(values.byteLength / 4) * 4)
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    device.queue.writeBuffer(buffer, place.byteOffset, bytes)
  }
  const launches = await Promise.all(
    plan.kernels.map(async (kernel) => {
      if (kernel.kind !== 'contract') throw new Error(`a ${kernel.kind} kernel`)
      const at = kernel.operands.map(({ slot }) => places[slot] ?? { binding: 0, byteOffset: 0 })
      const bindings = at.map(({ binding }) => binding)
      const { code, workgroups } = contractShader(kernel, bindings, () => tile)
      const words = paramsOf(kernel).map((param) => {
        if (param.kind === 'base') return (at[param.operand]?.byteOffset ?? 0) / 4
        if (param.kind === 'size') return kernel.axes[param.axis] ?? 0
        if (param.kind === 'constant') return param.word
        return param.kind === 'scalar' ? wordOf(scalars[param.scalar] ?? 0, param.dtype) : 0
      })
      return launch(device, code, buffers.slice(0, Math.max(...bindings) + 1), words, workgroups)
    }),
  )
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  for (const encode of launches) encode(pass)
  pass.end()
  device.queue.submit([encoder.finish()])
  const [, results] = buffers
  const bytes = results && (await readAll(device, results))
  const outputs = plan.slots.flatMap(({ in: kind, dtype, size }, slot) => {
    const from = places[slot]?.byteOffset ?? 0
    const values = createTypedArray(dtype, size)
    const view = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    if (kind !== 'output' || bytes === undefined) return []
    view.set(bytes.subarray(from, from + view.length))
    return [values]
  })
  for (const buffer of buffers) buffer.destroy()
  return outputs
}

async function launch(
  device: GPUDevice,
  code: string,
  arrays: readonly GPUBuffer[],
  words: readonly number[],
  workgroups: number,
): Promise<(pass: GPUComputePassEncoder) => void> {
  const module = device.createShaderModule({ code })
  const entries = [undefined, ...arrays].map((array, binding): GPUBindGroupLayoutEntry => {
    const buffer = { type: array === undefined ? 'uniform' : 'storage' } as const
    return { binding, visibility: computeStage, buffer }
  })
  const layout = device.createBindGroupLayout({ entries })
  const pipeline = await device.createComputePipelineAsync({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: 'main' },
  })
  const size = Math.ceil(words.length / 4) * 16
  const usage = bufferUsage.uniform | bufferUsage.copyTarget
  const uniform = device.createBuffer({ size, usage })
  device.queue.writeBuffer(uniform, 0, new Uint32Array(words))
  const resources = [uniform, ...arrays]
  const bindGroup = device.createBindGroup({
    layout,
    entries: resources.map((buffer, binding) => ({ binding, resource: { buffer } })),
  })
  return (pass) => {
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, bindGroup)
    if (workgroups > 0) pass.dispatchWorkgroups(workgroups)
  }
}

async function readAll(device: GPUDevice, buffer: GPUBuffer): Promise<Uint8Array> {
  const staging = device.createBuffer({
    size: buffer.size,
    usage: bufferUsage.mapRead | bufferUsage.copyTarget,
  })
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size)
  device.queue.submit([encoder.finish()])
  await staging.mapAsync(mapModeRead)
  const bytes = new Uint8Array(staging.getMappedRange().slice(0))
  staging.destroy()
  return bytes
}
