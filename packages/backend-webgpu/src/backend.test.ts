import { cpu } from '@tensorweft/backend-cpu'
import { BackendError, OutOfMemoryError, type Step, tensor, withBackend } from '@tensorweft/core'
import {
  affine,
  apply,
  constant,
  load,
  mapKernel,
  PlanBuilder,
  runPlan,
} from '@tensorweft/testkit/plans'
import { chromium, useSwiftShader } from '@tensorweft/testkit/swift-shader'
import { describe, expect, test, vi } from 'vitest'
import { webgpu } from './index.ts'
import { createOnDevice, describeOnDevice } from './testing/backends.testing.ts'

/** `output = a chain of instructions on the inputs`, all float32 of one length. */
function addMap(
  builder: PlanBuilder,
  size: number,
  inputs: readonly number[],
  output: number,
  steps: readonly Step[],
  label = 'map',
): void {
  const loads = inputs.map((_, k) => load('float32', k, affine([1])))
  const operands = [...inputs, output].map((slot) => ({ slot, dtype: 'float32' as const }))
  builder.add(mapKernel(label, [size], operands, [...loads, ...steps]))
}

/** `output = input + 1`; the label makes it a kernel of its own for error messages. */
function increment(size: number, label = 'increment') {
  const builder = new PlanBuilder()
  const input = builder.input('float32', new Float32Array(size))
  const output = builder.output('float32', size)
  const one = constant('float32', 1)
  addMap(builder, size, [input], output, [one, apply('float32', 'add', 0, 1)], label)
  return builder.build().plan
}

/** `x = x + 2 / 2`: code that no other plan has. */
function incrementInPlace(size: number) {
  const builder = new PlanBuilder()
  const slot = builder.input('float32', new Float32Array(size))
  builder.inPlace(slot)
  const two = constant('float32', 2)
  const half = constant('float32', 0.5)
  const steps = [two, half, apply('float32', 'mul', 1, 2), apply('float32', 'add', 0, 3)]
  addMap(builder, size, [slot], slot, steps, 'in place')
  return builder.build().plan
}

/** A plan whose WGSL does not type-check. */
function broken(size: number) {
  const builder = new PlanBuilder()
  const input = builder.input('float32', new Float32Array(size))
  const output = builder.output('float32', size)
  const steps = [constant('int32', 1), apply('float32', 'add', 0, 1)]
  addMap(builder, size, [input], output, steps, 'broken on purpose')
  return builder.build().plan
}

const bytes = (values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer)
const floats = (data: Uint8Array) => [
  ...new Float32Array(data.buffer, data.byteOffset, data.length / 4),
]

describeOnDevice('backend', (get) => {
  test('writes and reads any bytes of a buffer', async () => {
    const backend = get()
    const buffer = backend.allocate(21)
    const wanted = Uint8Array.from({ length: 21 }, (_, k) => k + 1)
    backend.write(buffer, wanted)
    for (const [from, length] of [
      [0, 1],
      [1, 2],
      [3, 3],
      [5, 9],
      [18, 3],
      [20, 1],
    ] as const) {
      const part = Uint8Array.from({ length }, (_, k) => 200 + from + k)
      backend.write(buffer, part, from)
      wanted.set(part, from)
      expect(await backend.read(buffer)).toEqual(wanted)
      expect(await backend.read(buffer, from, length)).toEqual(part)
    }
    backend.free(buffer)
  })

  test('keeps the order of write, run and read while pipelines are compiled', async () => {
    const backend = get()
    const plan = increment(3)
    const executable = backend.compile(plan)
    const [a, b] = [backend.allocate(12), backend.allocate(12)]
    const view = (buffer: object) => ({ buffer, byteOffset: 0, byteLength: 12 })
    const data = bytes([1, 2, 3])
    backend.write(a, data)
    executable.run([view(a)], [view(b)], [])
    data.fill(0)
    backend.write(a, bytes([10, 20, 30]))
    const first = backend.read(b)
    executable.run([view(a)], [view(b)], [])
    executable.run([view(b)], [view(a)], [])
    backend.free(b)
    // Reuses the memory of b, and must not disturb what was enqueued before.
    const c = backend.allocate(12)
    backend.write(c, bytes([0, 0, 0]))
    expect(floats(await first)).toEqual([2, 3, 4])
    expect(floats(await backend.read(a))).toEqual([12, 22, 32])
    expect(floats(await backend.read(c))).toEqual([0, 0, 0])
    await executable.ready
    await backend.finish()
    executable.dispose()
    expect(() => executable.run([view(a)], [view(c)], [])).toThrow(BackendError)
    backend.free(a)
    backend.free(c)
  })

  test('answers with a promise where others depend on whether a run can begin', async () => {
    const backend = get()
    const [a, b] = [backend.allocate(12), backend.allocate(12)]
    backend.write(a, bytes([1, 2, 3]))
    // Memory is known to be there after a read.
    await backend.read(a)
    const view = (buffer: object) => ({ buffer, byteOffset: 0, byteLength: 12 })
    const apart = backend.compile(increment(3, 'apart'))
    const inPlace = backend.compile(incrementInPlace(3))
    expect(apart.run([view(a)], [view(b)], [])).toBeUndefined()
    const begun = inPlace.run([view(a)], [view(a)], [])
    expect(begun).toBeInstanceOf(Promise)
    expect(await begun).toBeUndefined()
    await backend.finish()
    expect(inPlace.run([view(a)], [view(a)], [])).toBeUndefined()
    expect(floats(await backend.read(a))).toEqual([3, 4, 5])
    expect(floats(await backend.read(b))).toEqual([2, 3, 4])
    for (const executable of [apart, inPlace]) executable.dispose()
    for (const buffer of [a, b]) backend.free(buffer)
  })

  test('says what is wrong with a request', () => {
    const backend = get()
    const { maxBufferByteLength } = backend.capabilities
    expect(() => backend.allocate(maxBufferByteLength + 1)).toThrow(OutOfMemoryError)
    expect(() => backend.allocate(-1)).toThrow('whole number of bytes')
    const buffer = backend.allocate(8)
    expect(() => backend.write(buffer, new Uint8Array(9))).toThrow('range inside the buffer')
    expect(() => backend.write({}, new Uint8Array(1))).toThrow('did not allocate')
    backend.free(buffer)
    expect(() => backend.free(buffer)).toThrow('that was freed')
    const plan = increment(1)
    expect(() => backend.compile({ ...plan, version: 0 as typeof plan.version })).toThrow('version')
    const operands = [{ slot: 0, dtype: 'float64' as const }]
    const kernels = plan.kernels.map((kernel) => ({ ...kernel, operands }))
    expect(() => backend.compile({ ...plan, kernels })).toThrow('float64')
  })

  test('a shader that does not compile is told by name at the reads of what it was to write', async () => {
    const backend = get()
    const executable = backend.compile(broken(2))
    const [a, b, c] = [backend.allocate(8), backend.allocate(8), backend.allocate(8)]
    const view = (buffer: object) => ({ buffer, byteOffset: 0, byteLength: 8 })
    backend.write(a, bytes([1, 2]))
    executable.run([view(a)], [view(b)], [])
    const next = backend.compile(increment(2))
    next.run([view(b)], [view(c)], [])
    await expect(executable.ready).rejects.toThrow("'broken on purpose' that does not compile")
    await expect(backend.read(c)).rejects.toThrow('broken on purpose')
    await expect(backend.read(b)).rejects.toThrow(BackendError)
    expect(floats(await backend.read(a))).toEqual([1, 2])
    backend.write(b, bytes([5, 6]))
    next.run([view(b)], [view(c)], [])
    expect(floats(await backend.read(c))).toEqual([6, 7])
    for (const buffer of [a, b, c]) backend.free(buffer)
  })
})

describe.skipIf(chromium === undefined)('a backend of its own', () => {
  test('arrays in more buffers than a dispatch may bind', async () => {
    const { backend, device } = await createOnDevice({ first: 256, largest: 256 })
    const count = device.limits.maxStorageBuffersPerShaderStage
    for (const arrays of [2, count - 1, count + 3]) {
      const builder = new PlanBuilder()
      const slots = Array.from({ length: arrays }, (_, k) => builder.input('float32', [k, 2 * k]))
      const output = builder.output('float32', 2)
      const sums = slots.slice(1).map((_, k): Step => {
        return apply('float32', 'add', k === 0 ? 0 : arrays + k - 1, k + 1)
      })
      addMap(builder, 2, slots, output, sums)
      // A second kernel reads what the first one wrote, on the way back from another slab.
      const again = builder.output('float32', 2)
      addMap(builder, 2, [output, slots[1] ?? 0], again, [apply('float32', 'mul', 0, 1)])
      const { plan, inputs, scalars } = builder.build()
      const wanted = await runPlan(cpu(), plan, inputs, scalars)
      expect(await runPlan(backend, plan, inputs, scalars, 2)).toEqual(wanted)
    }
    await backend.dispose()
  })

  test('a lost device is told with what to do', async () => {
    const { backend, device } = await createOnDevice()
    const buffer = backend.allocate(8)
    backend.write(buffer, bytes([1, 2]))
    await backend.finish()
    device.destroy()
    await expect(backend.read(buffer)).rejects.toThrow(/device that was lost/)
    await expect(backend.finish()).rejects.toThrow(BackendError)
    await backend.dispose()
  })

  test('memory is used again, and given back but for one idle slab', async () => {
    const { backend, device } = await createOnDevice()
    const created = vi.spyOn(device, 'createBuffer')
    const small = Array.from({ length: 1000 }, () => backend.allocate(100))
    for (let k = 0; k < 100; k++) backend.free(backend.allocate(2 ** 24))
    for (const buffer of small) backend.free(buffer)
    for (let k = 0; k < 100; k++) backend.free(backend.allocate(2 ** 25))
    expect(created).toHaveBeenCalledTimes(1)
    for (let k = 0; k < 3; k++) {
      const pair = [backend.allocate(2 ** 26), backend.allocate(2 ** 26)]
      for (const buffer of pair) backend.free(buffer)
    }
    expect(created).toHaveBeenCalledTimes(3)
    await backend.dispose()
  })

  test('a device without memory is told at the read, and new arrays go elsewhere', async () => {
    const { backend, device } = await createOnDevice()
    const answer = vi.spyOn(device, 'popErrorScope')
    answer.mockResolvedValueOnce({ message: 'no memory left' })
    const refused = backend.allocate(8)
    await expect(backend.read(refused)).rejects.toThrow(OutOfMemoryError)
    const buffer = backend.allocate(8)
    backend.write(buffer, bytes([1, 2]))
    expect(floats(await backend.read(buffer))).toEqual([1, 2])
    backend.free(refused)
    await backend.dispose()
  })

  test('a device of the caller stays alive', async () => {
    const { backend, device } = await createOnDevice()
    const other = await webgpu({ device })
    const [a, b] = [backend.allocate(8), other.allocate(8)]
    backend.write(a, bytes([1, 2]))
    other.write(b, bytes([3, 4]))
    await other.dispose()
    expect(floats(await backend.read(a))).toEqual([1, 2])
    await backend.dispose()
  })

  test('an error that no call raised is told at the next one that is awaited', async () => {
    const { backend, device } = await createOnDevice()
    const buffer = backend.allocate(8)
    device.createBuffer({ size: 8, usage: 0 })
    await expect(backend.read(buffer)).rejects.toThrow('error of the device')
    await backend.read(buffer)
    await backend.dispose()
  })

  test('does nothing after it was disposed of', async () => {
    const { backend } = await createOnDevice()
    const buffer = backend.allocate(8)
    await backend.dispose()
    await backend.dispose()
    expect(() => backend.allocate(8)).toThrow('disposed')
    await expect(backend.read(buffer)).rejects.toThrow('disposed')
    backend.free(buffer)
  })
})

const kept: unknown[] = []

/** A device of a caller. */
async function requestDevice(requiredLimits: Record<string, number> = {}): Promise<GPUDevice> {
  useSwiftShader('a device')
  const { create } = await import('webgpu')
  const gpu = create([])
  const adapter = await gpu.requestAdapter()
  if (adapter === null) throw new Error('SwiftShader is an adapter')
  // Its objects do not keep alive what they came from.
  kept.push(gpu, adapter)
  return adapter.requestDevice({ requiredLimits })
}

describe.skipIf(chromium === undefined)('a device of the caller', () => {
  test('tells the caller of what the caller did, and the backend of the rest', async () => {
    const device = await requestDevice()
    const created = vi.spyOn(device, 'createBuffer')
    const told: string[] = []
    const backend = await webgpu({ device })
    device.addEventListener('uncapturederror', (event) => {
      if (!event.defaultPrevented) told.push(event.error.message)
      event.preventDefault()
    })
    const buffer = backend.allocate(8)
    backend.write(buffer, bytes([1, 2]))
    device.createBuffer({ label: "the caller's", size: 8, usage: 0 })
    expect(floats(await backend.read(buffer))).toEqual([1, 2])
    await backend.finish()
    expect(told).toEqual([expect.stringContaining("the caller's")])
    const isSlab = ([{ label }]: [GPUBufferDescriptor]) => label?.includes('slab') === true
    const slab = created.mock.results[created.mock.calls.findIndex(isSlab)]?.value
    expect(slab.destroy()).toBeUndefined()
    await expect(backend.read(buffer)).rejects.toThrow('error of the device')
    expect(told).toHaveLength(1)
    await backend.dispose()
    device.destroy()
  })
})

describe.skipIf(chromium === undefined)('a device with limits of its own', () => {
  const MiB = 2 ** 20

  test('is read from where a power of two would be too large', async () => {
    const limit = 300 * MiB
    const device = await requestDevice({
      maxBufferSize: limit,
      maxStorageBufferBindingSize: limit,
    })
    const backend = await webgpu({ device })
    const buffer = backend.allocate(270 * MiB)
    backend.write(buffer, Uint8Array.of(1, 2, 3, 4), 270 * MiB - 4)
    const bytes = await backend.read(buffer)
    expect([...bytes.subarray(-4)]).toEqual([1, 2, 3, 4])
    await backend.dispose()
    device.destroy()
  })

  test('has no buffer of a backend that was disposed of', async () => {
    const { device } = await createOnDevice()
    const live = new Set<GPUBuffer>()
    const create = device.createBuffer.bind(device)
    device.createBuffer = (descriptor) => {
      const buffer = create(descriptor)
      live.add(buffer)
      const destroy = buffer.destroy.bind(buffer)
      buffer.destroy = () => {
        live.delete(buffer)
        destroy()
      }
      return buffer
    }
    const backend = await webgpu({ device })
    const x = tensor([1, 2, 3])
    expect(await withBackend(backend, () => x.add(1).sum().item())).toBe(9)
    expect(live.size).toBeGreaterThan(1)
    await backend.dispose()
    expect([...live].map(({ label }) => label)).toEqual([])
    device.destroy()
  })
})
