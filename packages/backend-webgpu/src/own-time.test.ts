import { constants, PerformanceObserver } from 'node:perf_hooks'
import { type BufferView, byteLengthOf, type Plan, setBackend } from '@tensorweft/core'
import { expect, test } from 'vitest'
import type { WebGpuBackend } from './backend.ts'
import { batchOf, convolutional, perceptron, stepOf } from './testing/networks.testing.ts'
import { createOnNullDevice, NullDevice } from './testing/null-device.testing.ts'
import { adam } from './testing/update-rules.testing.ts'

/** The plan of a network's training step. */
async function planOf(makeNetwork: () => ReturnType<typeof perceptron>): Promise<Plan> {
  const backend = await createOnNullDevice(new NullDevice())
  const plans: Plan[] = []
  const compilePlan = backend.compile.bind(backend)
  backend.compile = (plan) => {
    plans.push(plan)
    return compilePlan(plan)
  }
  await setBackend(backend)
  const network = makeNetwork()
  await stepOf(network, adam())(...batchOf(network)).data()
  await backend.dispose()
  const step = plans.find(({ kernels }) => kernels.some(({ kind }) => kind === 'contract'))
  if (step === undefined) throw new Error('no step was compiled')
  return step
}

/** A function that runs a plan on arrays of its own, prepared and ready. */
async function runnerOf(plan: Plan, backend: WebGpuBackend): Promise<() => void> {
  const viewOf = (byteLength: number): BufferView => {
    return { buffer: backend.allocate(byteLength), byteOffset: 0, byteLength }
  }
  const inputs = plan.inputs.map(({ dtype, size }) => viewOf(byteLengthOf(dtype, size)))
  const outputs = plan.outputs.map(({ dtype, size, donated }) => {
    return inputs[donated ?? -1] ?? viewOf(byteLengthOf(dtype, size))
  })
  const scalars = plan.scalars.map(() => 1)
  const executable = backend.compile(plan)
  executable.run(inputs, outputs, scalars)
  await backend.finish()
  return () => {
    executable.run(inputs, outputs, scalars)
  }
}

/** Counts the collections of young garbage while `body` runs. */
async function collectionsDuring(body: () => Promise<void>): Promise<number> {
  let count = 0
  const note = (entries: readonly object[]) => {
    for (const entry of entries) {
      const detail = 'detail' in entry ? entry.detail : undefined
      const kind = detail instanceof Object && 'kind' in detail ? detail.kind : undefined
      if (kind === constants.NODE_PERFORMANCE_GC_MINOR) count++
    }
  }
  const observer = new PerformanceObserver((list) => note(list.getEntries()))
  observer.observe({ entryTypes: ['gc'] })
  await body()
  await new Promise((resolve) => setTimeout(resolve, 10))
  observer.disconnect()
  return count
}

const rounds = 400
const runsPerRound = 250

test.each([
  ['a perceptron', () => perceptron(100)],
  ['a convolutional network', () => convolutional(64, [32, 64])],
])('%s: JavaScript takes at most 5 µs a dispatch, and leaves no garbage', async (name, make) => {
  const device = new NullDevice()
  const backend = await createOnNullDevice(device)
  const run = await runnerOf(await planOf(make), backend)
  device.resetCalls()
  run()
  const dispatches = device.calls.dispatchWorkgroups
  let best = Number.POSITIVE_INFINITY
  const work = async () => {
    for (let round = 0; round < rounds; round++) {
      const start = performance.now()
      for (let k = 0; k < runsPerRound; k++) run()
      best = Math.min(best, (performance.now() - start) / runsPerRound)
      await backend.finish()
    }
  }
  // The engine optimises what it has seen often.
  await work()
  const collections = await collectionsDuring(work)
  const microseconds = (best * 1000) / dispatches
  console.info(`${name}: ${microseconds.toFixed(2)} µs a dispatch, ${dispatches} dispatches`)
  expect(microseconds).toBeLessThan(5)
  // Some hundred bytes a run would make several.
  expect(collections).toBeLessThanOrEqual(1)
  await backend.dispose()
})
