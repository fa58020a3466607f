import { bufferUsage, mapModeRead } from './memory/usage.ts'

/** What kernels may use on a device beyond what every WebGPU has. */
export interface DeviceFeatures {
  /**
   * How many invocations a subgroup has at least and at most; undefined where there are none, or none
   * of neighbours.
   */
  readonly subgroups: { readonly min: number; readonly max: number } | undefined
  /** Whether passes can say when they began and ended. */
  readonly timestamps: boolean
}

/** Features that a device is asked for where its adapter has them. */
export const wantedFeatures = ['subgroups', 'timestamp-query'] as const

/** Sizes of subgroups, which the types of TypeScript do not have yet. */
interface SubgroupSizes {
  readonly subgroupMinSize?: number
  readonly subgroupMaxSize?: number
}

/** What a device has; `info` is its adapter's, where it is known. */
export function featuresOf(
  { features }: Pick<GPUDevice, 'features'>,
  info: SubgroupSizes | undefined,
): DeviceFeatures {
  // The widest range that the standard allows.
  const { subgroupMinSize: min = 4, subgroupMaxSize: max = 128 } = info ?? {}
  return {
    subgroups: features.has('subgroups') ? { min, max } : undefined,
    timestamps: features.has('timestamp-query'),
  }
}

/**
 * The features of a device without subgroups that are not made of neighbours: the standard leaves
 * open which invocations a subgroup has, and kernels exchange values with those beside them.
 */
export async function checkedFeatures(
  device: GPUDevice,
  info: SubgroupSizes | undefined,
): Promise<DeviceFeatures> {
  const features = featuresOf(device, info)
  const { subgroups } = features
  if (subgroups === undefined || subgroups.min !== subgroups.max) return features
  const areNeighbours = await hasNeighbours(device, subgroups.max).catch(() => false)
  return areNeighbours ? features : { ...features, subgroups: undefined }
}

const invocations = 256

/** Whether each invocation has the place in its subgroup that follows from its own number. */
async function hasNeighbours(device: GPUDevice, size: number): Promise<boolean> {
  const code = `enable subgroups;
@group(0) @binding(0) var<storage, read_write> wrong: atomic<u32>;
@compute @workgroup_size(${invocations})
fn main(@builtin(local_invocation_index) local: u32, @builtin(subgroup_invocation_id) id: u32) {
  let beside = subgroupShuffleXor(local, 1u);
  if (id != local % ${size}u || beside != (local ^ 1u)) { atomicAdd(&wrong, 1u); }
}`
  const compute = { module: device.createShaderModule({ code }), entryPoint: 'main' }
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute })
  const { storage, copySource, copyTarget, mapRead } = bufferUsage
  const count = device.createBuffer({ size: 4, usage: storage | copySource })
  const answer = device.createBuffer({ size: 4, usage: copyTarget | mapRead })
  const bindGroup = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: count } }],
  })
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, bindGroup)
  pass.dispatchWorkgroups(1)
  pass.end()
  encoder.copyBufferToBuffer(count, 0, answer, 0, 4)
  device.queue.submit([encoder.finish()])
  await answer.mapAsync(mapModeRead)
  const [wrong] = new Uint32Array(answer.getMappedRange())
  for (const buffer of [count, answer]) buffer.destroy()
  return wrong === 0
}
