import {
  compile,
  explain,
  Parameter,
  profile,
  setBackend,
  softmax,
  type Tensor,
  tensor,
  zeros,
} from '@tensorweft/core'
import { expect, test, vi } from 'vitest'
import { WebGpuExecutable } from './executable.ts'
import { describeOnDevice } from './testing/backends.testing.ts'
import { createOnNullDevice, NullDevice } from './testing/null-device.testing.ts'

function trainingStep() {
  const weights = new Parameter(zeros([64, 8]))
  const step = compile((x: Tensor) => {
    const y = softmax(x.matmul(weights.value))
    weights.assign(weights.value.add(x.transpose().matmul(y)))
    return y
  })
  return { weights, step }
}

describeOnDevice('profile and explain', (backend) => {
  test('time on the device, kernel by kernel, of which nothing else sees anything', async () => {
    await setBackend(backend())
    const { weights, step } = trainingStep()
    const measure = vi.spyOn(WebGpuExecutable.prototype, 'measure')
    const profiles = await profile(step, zeros([32, 64]))
    expect(profiles.map(({ kind }) => kind)).toContain('contract')
    const answers = await Promise.all(measure.mock.results.map(({ value }) => value))
    for (const { elapsedMs } of profiles) {
      expect(elapsedMs).toBeGreaterThan(0)
      expect(answers).toContain(elapsedMs)
    }
    expect(await weights.value.sum().item()).toBe(0)
    measure.mockRestore()
  })

  test('64 times the work takes longer', async () => {
    await setBackend(backend())
    const product = compile((x: Tensor) => x.matmul(x))
    const elapsedMs = async (size: number) => {
      const [kernel] = await profile(product, zeros([size, size]))
      return kernel?.elapsedMs ?? Number.NaN
    }
    const small: number[] = []
    const large: number[] = []
    for (let round = 0; round < 5; round++) {
      small.push(await elapsedMs(32))
      large.push(await elapsedMs(128))
    }
    // The least of each: other programs may take the processor away meanwhile.
    expect(Math.min(...large)).toBeGreaterThan(4 * Math.min(...small))
  })

  test('explain shows the WGSL of each kernel', async () => {
    await setBackend(backend())
    const { step } = trainingStep()
    const text = explain(step, zeros([32, 64]))
    expect(text).toMatch(/\n\/\/ 1\. matmul\n/)
    const kernels = Number(/^(\d+) kernels/.exec(text)?.[1])
    expect(text.split('@compute').length - 1).toBeGreaterThanOrEqual(kernels)
  })
})

test('without timestamps the host measures', async () => {
  const backend = await createOnNullDevice(new NullDevice())
  await setBackend(backend)
  const profiles = await profile(
    compile((x: Tensor) => x.exp()),
    tensor([1, 2, 3]),
  )
  expect(profiles).toHaveLength(1)
  expect(profiles[0]?.elapsedMs).toBeGreaterThanOrEqual(0)
  await backend.dispose()
})
