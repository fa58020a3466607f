import {
  type Backend,
  BackendError,
  compile,
  memory,
  OutOfMemoryError,
  Parameter,
  realize,
  registerKernel,
  setBackend,
  type Tensor,
  tanh,
  tensor,
  unregisterKernel,
  zeros,
} from '@tensorweft/core'
import { chromium } from '@tensorweft/testkit/swift-shader'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createOnDevice } from './testing/backends.testing.ts'
import { refuseMemory } from './testing/refuse-memory.testing.ts'

const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error) => error,
  )

describe.skipIf(chromium === undefined)('a shader that does not compile', () => {
  afterEach(() => {
    unregisterKernel(tanh, 'webgpu')
  })

  test('or is in another language leaves what its step was to update as it was', async () => {
    const { backend } = await createOnDevice()
    await setBackend(backend)
    registerKernel(tanh, 'webgpu', { run: () => {} })
    const weight = new Parameter(tensor([1, 2]))
    const step = compile((x: Tensor) => weight.assign(weight.value.add(tanh(x))))
    step(tensor([30, 40]))
    await expect(weight.value.data()).rejects.toThrow('a kernel for tanh in javascript')
    expect([...(await weight.value.data())]).toEqual([1, 2])
    unregisterKernel(tanh, 'webgpu')
    step(tensor([30, 40]))
    expect([...(await weight.value.data())]).toEqual([2, 3])
  })

  test('leaves what its step was to update as it was, and says which kernel it is', async () => {
    const { backend } = await createOnDevice()
    await setBackend(backend)
    registerKernel(tanh, 'webgpu', {
      emit: () => ({
        language: 'wgsl',
        source: 'fn kernel(group: u32, local: u32) { store(local, nonsense); }',
        workgroups: 1,
        workgroupSize: 2,
      }),
    })
    const weight = new Parameter(tensor([0, 0]))
    const makeStep = () =>
      compile((x: Tensor) => {
        weight.assign(weight.value.add(tanh(x)))
        return weight.value.sum()
      })
    const failing = makeStep()
    const x = tensor([30, 40])
    const losses = [failing(x), failing(x)].map((loss) => errorOf(loss.item()))
    for (const error of await Promise.all(losses)) {
      expect(error).toBeInstanceOf(BackendError)
      expect(error).toMatchObject({
        op: 'webgpu.compile',
        got: expect.stringMatching(/'tanh' that does not compile: .*nonsense/),
      })
    }
    expect([...(await weight.value.data())]).toEqual([0, 0])
    unregisterKernel(tanh, 'webgpu')
    expect(await makeStep()(x).item()).toBe(2)
    await backend.dispose()
  })
})

describe.skipIf(chromium === undefined)('without memory', () => {
  let backend: Backend
  let device: GPUDevice

  beforeEach(async () => {
    // Every array has a buffer of its own.
    const made = await createOnDevice({ first: 256, largest: 256 })
    backend = made.backend
    device = made.device
    await setBackend(backend)
  })

  afterEach(() => backend.dispose())

  test('the largest array that SwiftShader allows is told with its bytes and who holds what', async () => {
    const held = zeros([1000]).add(1)
    await realize(held)
    const error = await errorOf(
      zeros([2 ** 28])
        .add(held.max())
        .data(),
    )
    expect(error).toBeInstanceOf(OutOfMemoryError)
    expect(error).toMatchObject({
      got: expect.stringMatching(/a request for 1073741824 bytes, for which the device gives no/),
      hint: expect.stringMatching(/smaller batch[\s\S]*Held now: .* in \d+ tensors/),
    })
    expect((await held.mul(2).data())[999]).toBe(2)
  })

  test('a value that was to be uploaded is told, and what follows works', async () => {
    const x = tensor([1, 2, 3])
    {
      using _ = refuseMemory(device)
      expect(await errorOf(x.data())).toMatchObject({
        name: 'OutOfMemoryError',
        got: expect.stringContaining('a request for 12 bytes'),
      })
    }
    await expect(x.data()).rejects.toThrow(OutOfMemoryError)
    expect(await tensor([1, 2, 3]).sum().item()).toBe(6)
    await backend.finish()
  })

  test('a result is computed after all where there is memory when what is dead is gone', async () => {
    const x = tensor([1, 2, 3])
    await realize(x)
    const refusal = refuseMemory(device)
    const sum = x.add(1).data()
    setTimeout(() => refusal[Symbol.dispose](), 0)
    expect([...(await sum)]).toEqual([2, 3, 4])
  })

  test('a step that was to update parameters in place leaves them as they were', async () => {
    const weight = new Parameter(tensor([1, 2]))
    const step = compile((x: Tensor) => {
      weight.assign(weight.value.add(x))
      return zeros([300]).add(weight.value.sum())
    })
    const x = tensor([1, 1])
    // Its result is held, so that there is no memory for another.
    const first = step(x)
    expect((await first.data())[299]).toBe(5)
    {
      using _ = refuseMemory(device)
      const [failed, next] = [step(x), step(x)]
      expect(await errorOf(failed.data())).toBeInstanceOf(OutOfMemoryError)
      expect(await errorOf(next.data())).toBeInstanceOf(OutOfMemoryError)
    }
    expect([...(await weight.value.data())]).toEqual([2, 3])
    expect((await step(x).data())[299]).toBe(7)
    expect([...(await weight.value.data())]).toEqual([3, 4])
    first.dispose()
  })

  test('one without a result is told by the next read', async () => {
    const weight = new Parameter(zeros([3]).add(1))
    // The product is an array in the arena.
    const step = compile((x: Tensor) => {
      const spread = x.matmul(x.transpose()).softmax().max()
      weight.assign(weight.value.add(spread))
    })
    const x = zeros([32, 4]).add(0.5)
    await realize(x, weight.value)
    {
      using _ = refuseMemory(device)
      step(x)
      expect(await errorOf(weight.value.data())).toBeInstanceOf(OutOfMemoryError)
      expect([...(await weight.value.data())]).toEqual([1, 1, 1])
    }
    step(x)
    expect(await weight.value.sum().item()).toBeCloseTo(3 + 3 / 32)
  })

  test('what is held is what was held', async () => {
    const x = tensor([1, 2, 3])
    await realize(x)
    const before = memory()
    {
      using _ = refuseMemory(device)
      for (let k = 0; k < 3; k++) await errorOf(x.add(k).data())
    }
    expect(memory().bytes).toBeLessThanOrEqual(before.bytes)
    await expect(backend.finish()).resolves.toBeUndefined()
  })

  test('an array beyond the limit of the device is refused at once', () => {
    const { maxBufferByteLength } = backend.capabilities
    expect(() => backend.allocate(maxBufferByteLength + 1)).toThrow(
      new RegExp(
        `${maxBufferByteLength + 1} bytes in one buffer; wanted at most ${maxBufferByteLength}`,
      ),
    )
    expect(() => backend.allocate(-1)).toThrow(BackendError)
  })
})
