import { expect, onTestFinished, test, vi } from 'vitest'
import type { Backend, BufferHandle } from '../backend.ts'
import { compile, realize, setBackend, type Tensor, tensor } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { collectDead } from './collect.ts'

/** A backend whose buffers are nothing but a number of bytes, as those of a device are. */
function device() {
  const { capabilities } = new NaiveBackend()
  const sizes = new Map<BufferHandle, number>()
  const held = { bytes: 0, peak: 0, total: 0 }
  const backend: Backend = {
    name: 'device',
    capabilities,
    allocate(byteLength) {
      const buffer = {}
      sizes.set(buffer, byteLength)
      held.bytes += byteLength
      held.total += byteLength
      held.peak = Math.max(held.peak, held.bytes)
      return buffer
    },
    free(buffer) {
      held.bytes -= sizes.get(buffer) ?? Number.NaN
      sizes.delete(buffer)
    },
    write() {},
    read: async () => new Uint8Array(4),
    compile: () => ({ ready: Promise.resolve(), run() {}, dispose() {} }),
    async finish() {},
    async dispose() {},
  }
  return { backend, held }
}

const GiB = 2 ** 30

test('a loop that only awaits reads stays bounded, although engines do not see devices', async () => {
  const { backend, held } = device()
  await setBackend(backend)
  let x: Tensor = tensor([0]).broadcastTo([2 ** 23])
  for (let i = 0; i < 400; i++) {
    x = x.mul(0.5).add(1)
    await realize(x)
    await x.mean().item()
  }
  expect(held.total).toBeGreaterThan(12 * GiB)
  expect(held.peak).toBeLessThan(4 * GiB)
})

test('so does one of compiled steps', async () => {
  const { backend, held } = device()
  await setBackend(backend)
  const step = compile((x: Tensor) => ({ y: x.mul(0.5).add(1), mean: x.mean() }))
  let x: Tensor = tensor([0]).broadcastTo([2 ** 23])
  for (let i = 0; i < 400; i++) {
    const { y, mean } = step(x)
    await mean.item()
    x = y
  }
  expect(held.total).toBeGreaterThan(12 * GiB)
  expect(held.peak).toBeLessThan(2 * GiB)
})

test('reads let other tasks run, also where the clock was set back', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  await setBackend(device().backend)
  const x = tensor([1])
  await x.data()
  vi.setSystemTime(Date.now() - 3_600_000)
  let hasTurned = false
  setImmediate(() => {
    hasTurned = true
  })
  await x.data()
  expect(hasTurned).toBe(true)
})

test('what is disposed of is no reason to look for dead tensors', async () => {
  const { backend, held } = device()
  await setBackend(backend)
  // What the tests before have left behind.
  await collectDead()
  let provocations = 0
  class Watched extends ArrayBuffer {
    constructor(byteLength: number) {
      super(byteLength)
      if (byteLength >= 2 ** 29) provocations++
    }
  }
  vi.stubGlobal('ArrayBuffer', Watched)
  onTestFinished(() => void vi.unstubAllGlobals())
  const x = tensor([0]).broadcastTo([2 ** 23])
  for (let i = 0; i < 100; i++) {
    const y = x.add(i)
    await realize(y)
    y.dispose()
  }
  expect(held.total).toBeGreaterThan(3 * GiB)
  expect(provocations).toBe(0)
})
