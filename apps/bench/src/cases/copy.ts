import { provideGpu } from '../gpu/provide-gpu.ts'
import { integers, seededRandom } from '../random.ts'
import type { Contender } from '../subject.ts'
import { type BenchCase, type CaseFamily, sizedFamily } from './bench-case.ts'
import { sampleResult } from './sample-result.ts'

const sampleCount = 256

/** `copy-N`: N floats from one buffer of the GPU to another, by the command for that. */
export const copyFamily: CaseFamily = sizedFamily('copy-N', (name, length = 1) =>
  copyCase(name, length),
)

function copyCase(name: string, length: number): BenchCase {
  return {
    name,
    summary: `copyBufferToBuffer of ${length} floats: what memory does where nothing is computed`,
    isMachineRate: true,
    bytes: 2 * 4 * length,
    checkSteps: 1,
    tolerance: { relative: 0, absolute: 0 },
    async prepare() {
      const values = new Float32Array(length).map((_, place) => place % 1021)
      const places = integers(seededRandom(13), sampleCount, length)
      return {
        contenders: [sampleResult(await gpuCopy(values), length, places)],
        expected: Array.from(places, (place) => values[place] ?? Number.NaN),
      }
    },
  }
}

async function gpuCopy(values: Float32Array<ArrayBuffer>): Promise<Contender> {
  const device = await requestDevice()
  const size = values.byteLength
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
  const [from, to] = [device.createBuffer({ size, usage }), device.createBuffer({ size, usage })]
  device.queue.writeBuffer(from, 0, values)
  const queue = {
    enqueue() {
      const encoder = device.createCommandEncoder()
      encoder.copyBufferToBuffer(from, 0, to, 0, size)
      device.queue.submit([encoder.finish()])
    },
    finish: async () => {
      await device.queue.onSubmittedWorkDone()
    },
  }
  return {
    subject: 'copyBufferToBuffer',
    activate: async () => {},
    queue,
    async step() {
      queue.enqueue()
      await queue.finish()
    },
    result: () => read(device, to),
    dispose: async () => device.destroy(),
  }
}

async function requestDevice(): Promise<GPUDevice> {
  const gpu = await provideGpu()
  const adapter = await gpu.requestAdapter()
  const { maxBufferSize } = adapter.limits
  return adapter.requestDevice({ requiredLimits: { maxBufferSize } })
}

async function read(device: GPUDevice, buffer: GPUBuffer): Promise<Float32Array> {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST
  const staging = device.createBuffer({ size: buffer.size, usage })
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size)
  device.queue.submit([encoder.finish()])
  await staging.mapAsync(GPUMapMode.READ)
  const values = new Float32Array(staging.getMappedRange().slice(0))
  staging.destroy()
  return values
}
