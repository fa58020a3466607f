import { compile, setBackend, type Tensor, tensor } from '@tensorweft/core'
import { expect, test } from 'vitest'
import { createOnNullDevice, NullDevice } from './testing/null-device.testing.ts'

test('a loop that never waits is not more than 1,024 submits ahead', async () => {
  const device = new NullDevice()
  const backend = await createOnNullDevice(device)
  await setBackend(backend)
  const step = compile((x: Tensor) => x.add(1))
  const x = tensor([1, 2, 3])
  await step(x).data()
  device.resetCalls()
  const results = Array.from({ length: 3000 }, () => step(x))
  expect(device.calls.submit).toBeGreaterThan(900)
  expect(device.calls.submit).toBeLessThanOrEqual(1024)
  await results.at(-1)?.data()
  expect(device.calls.dispatchWorkgroups).toBe(3000)
  await backend.dispose()
})

test('nor more than 256 MiB of arrays from the host', async () => {
  const device = new NullDevice()
  const backend = await createOnNullDevice(device)
  await setBackend(backend)
  const MiB = 2 ** 20
  const step = compile((x: Tensor) => x.add(1).max())
  const data = new Float32Array(MiB)
  const call = () => {
    using x = tensor(data)
    return step(x)
  }
  await call().data()
  device.resetCalls()
  const results = Array.from({ length: 200 }, call)
  expect(device.calls.writtenByteLength).toBeGreaterThan(200 * MiB)
  expect(device.calls.writtenByteLength).toBeLessThan(300 * MiB)
  await Promise.all(results.map((result) => result.data()))
  expect(device.calls.dispatchWorkgroups).toBeGreaterThanOrEqual(200)
  expect(device.calls.writtenByteLength).toBeGreaterThan(800 * MiB)
  await backend.dispose()
})
