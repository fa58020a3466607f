import { setBackend } from '@tensorweft/core'
import { expect, test } from 'vitest'
import { connect } from './adapter.ts'
import { Pipelines } from './pipelines.ts'
import { batchOf, type Network, perceptron, stepOf } from './testing/networks.testing.ts'
import { createOnNullDevice, NullDevice } from './testing/null-device.testing.ts'
import { adam } from './testing/update-rules.testing.ts'

/** How many pipelines each batch size adds to those that are there. */
async function compiledBy(make: (batch: number) => Network, sizes: readonly number[]) {
  const device = new NullDevice()
  const backend = await createOnNullDevice(device)
  await setBackend(backend)
  const step = stepOf(make(sizes[0] ?? 1), adam())
  const counts: number[] = []
  for (const batch of sizes) {
    const [images, classes] = batchOf(make(batch))
    await Promise.all([images.data(), classes.data()])
    device.resetCalls()
    await step(images, classes).data()
    counts.push(device.calls.createComputePipelineAsync)
  }
  await backend.dispose()
  return counts
}

test('another batch size compiles little anew', async () => {
  const [all = 0, other, first, odd] = await compiledBy(perceptron, [100, 96, 100, 37])
  expect(all).toBeGreaterThanOrEqual(10)
  // The two contractions over the batch, which is a whole number of tiles or is not.
  expect(other).toBeLessThanOrEqual(2)
  expect(first).toBe(0)
  // What is no multiple of 4 is loaded one by one.
  expect(odd).toBeLessThan(10)
})

async function pipelinesOn(device: NullDevice): Promise<Pipelines> {
  return new Pipelines((await connect({ device })).device)
}

test('all pipelines of a plan compile at the same time', async () => {
  const device = new NullDevice()
  const pipelines = await pipelinesOn(device)
  const codes = ['a', 'b', 'c', 'a']
  const made = codes.map((code) => pipelines.acquire(code, 1, code))
  expect(device.calls.createComputePipelineAsync).toBe(3)
  expect(made.map(({ compiled }) => compiled)).toEqual(codes.map(() => undefined))
  await Promise.all(made.map(({ done }) => done))
  for (const { compiled } of made) expect(compiled).toBeDefined()
})

test('a pipeline is kept for a while after its last user', async () => {
  const device = new NullDevice()
  const pipelines = await pipelinesOn(device)
  const first = pipelines.acquire('first', 1, 'first')
  const other = pipelines.acquire('first', 1, 'first')
  expect(other).toBe(first)
  pipelines.release(first)
  pipelines.release(other)
  expect(pipelines.acquire('first', 1, 'first')).toBe(first)
  for (let k = 0; k < 300; k++) pipelines.release(pipelines.acquire(`other ${k}`, 1, 'other'))
  // In use it stays however many others come and go.
  expect(pipelines.acquire('first', 1, 'first')).toBe(first)
  device.resetCalls()
  pipelines.acquire('other 299', 1, 'other')
  pipelines.acquire('other 60', 1, 'other')
  expect(device.calls.createComputePipelineAsync).toBe(0)
  pipelines.acquire('other 0', 1, 'other')
  expect(device.calls.createComputePipelineAsync).toBe(1)
})

test('what did not compile is tried again', async () => {
  const device = new NullDevice()
  const pipelines = await pipelinesOn(device)
  const refuse = () => Promise.reject(new Error('no'))
  const broken = Object.assign(device, { createComputePipelineAsync: refuse })
  const pipeline = pipelines.acquire('code', 1, 'a kernel')
  await pipeline.done
  expect(pipeline.fault?.message).toContain("'a kernel' that does not compile")
  pipelines.release(pipeline)
  Reflect.deleteProperty(broken, 'createComputePipelineAsync')
  const again = pipelines.acquire('code', 1, 'a kernel')
  await again.done
  expect(again.fault).toBeUndefined()
})
