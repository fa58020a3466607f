import { bufferUsage, mapModeRead } from './memory/usage.ts'
import { functionTexts } from './wgsl/functions/library.ts'

/** What kernels may use on a device beyond what every WebGPU has. */
export interface DeviceFeatures {
  /**
   * How many invocations a subgroup has at least and at most; undefined where there are none, or none
   * of neighbours.
   */
  readonly subgroups: { readonly min: number; readonly max: number } | undefined
  /** Whether passes can say when they began and ended. */
  readonly timestamps: boolean
  /** Whether f16 is a type whose arithmetic and casts round as those of float16 in 32 bits. */
  readonly hasHalves: boolean
  /** Whether the adapter says that it computes in software. */
  readonly isSoftware: boolean
}

/** Features that a device is asked for where its adapter has them. */
export const wantedFeatures = ['subgroups', 'timestamp-query', 'shader-f16'] as const

/** Facts of an adapter, of which browsers and the types of TypeScript may not have all yet. */
interface AdapterFacts {
  readonly subgroupMinSize?: number
  readonly subgroupMaxSize?: number
  readonly isFallbackAdapter?: boolean
}

/** What a device has; `info` is its adapter's, where it is known. */
export function featuresOf(
  { features }: Pick<GPUDevice, 'features'>,
  info: AdapterFacts | undefined,
): DeviceFeatures {
  // The widest range that the standard allows.
  const { subgroupMinSize: min = 4, subgroupMaxSize: max = 128 } = info ?? {}
  return {
    subgroups: features.has('subgroups') ? { min, max } : undefined,
    timestamps: features.has('timestamp-query'),
    hasHalves: features.has('shader-f16'),
    isSoftware: info?.isFallbackAdapter === true,
  }
}

/**
 * The features of a device that kernels can rely on. The standard leaves open which invocations a
 * subgroup has, and kernels exchange values with those beside them; it also leaves open in which
 * direction numbers are rounded, and whether subnormal ones are kept.
 */
export async function checkedFeatures(
  device: GPUDevice,
  info: AdapterFacts | undefined,
): Promise<DeviceFeatures> {
  const features = featuresOf(device, info)
  const { subgroups } = features
  const check = (code: string, workgroups: number) =>
    findsNothingWrong(device, code, workgroups).catch(() => false)
  const hasNeighbours =
    subgroups === undefined || subgroups.min !== subgroups.max
      ? true
      : check(neighboursText(subgroups.max), 1)
  const hasHalves = features.hasHalves && check(halvesText(), halves / invocations)
  return {
    ...features,
    subgroups: (await hasNeighbours) ? subgroups : undefined,
    hasHalves: await hasHalves,
  }
}

const invocations = 256
const halves = 2 ** 16

/** Whether each invocation has the place in its subgroup that follows from its own number. */
function neighboursText(size: number): string {
  return `enable subgroups;
@group(0) @binding(0) var<storage, read_write> wrong: atomic<u32>;
@compute @workgroup_size(${invocations})
fn main(@builtin(local_invocation_index) local: u32, @builtin(subgroup_invocation_id) id: u32) {
  let beside = subgroupShuffleXor(local, 1u);
  if (id != local % ${size}u || beside != (local ^ 1u)) { atomicAdd(&wrong, 1u); }
}`
}

/**
 * Whether f16 does as float16 in 32 bits: for every half, for numbers at it and around the middle
 * between it and the next, beyond both ends of the range, and for sums, differences and products
 * with some other half.
 */
function halvesText(): string {
  return `enable f16;
@group(0) @binding(0) var<storage, read_write> wrong: atomic<u32>;
${functionTexts(['to_half'], false).join('\n')}
fn bits_of(x: f16) -> u32 { return bitcast<u32>(vec2<f16>(x, 0h)); }
fn check(got: f16, wanted: u32) {
  let bits = bits_of(got);
  let are_nan = min(bits & 0x7fffu, wanted & 0x7fffu) > 0x7c00u;
  if (bits != wanted && !are_nan) { atomicAdd(&wrong, 1u); }
}
@compute @workgroup_size(${invocations})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let a = bitcast<vec2<f16>>(id.x).x;
  let b = bitcast<vec2<f16>>((id.x * 40503u + 12345u) & 0xffffu).x;
  check(a, id.x);
  check(f16(f32(a)), id.x);
  for (var k = 0xfffu; k <= 0x1001u; k++) {
    let x = bitcast<f32>(bitcast<u32>(f32(a)) + k);
    check(f16(x), to_half(x));
    check(f16(x * 0.0001), to_half(x * 0.0001));
    check(f16(x * 10000.0), to_half(x * 10000.0));
  }
  check(a + b, to_half(f32(a) + f32(b)));
  check(a - b, to_half(f32(a) - f32(b)));
  check(a * b, to_half(f32(a) * f32(b)));
}`
}

/** Runs a check, which counts what is not as it should be. */
async function findsNothingWrong(
  device: GPUDevice,
  code: string,
  workgroups: number,
): Promise<boolean> {
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
  pass.dispatchWorkgroups(workgroups)
  pass.end()
  encoder.copyBufferToBuffer(count, 0, answer, 0, 4)
  device.queue.submit([encoder.finish()])
  await answer.mapAsync(mapModeRead)
  const [wrong] = new Uint32Array(answer.getMappedRange())
  for (const buffer of [count, answer]) buffer.destroy()
  return wrong === 0
}
