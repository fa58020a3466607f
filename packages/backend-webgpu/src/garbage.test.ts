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

const rounds = 100
/** So few that the backlog holds none of them back. */
const runsPerRound = 500

/**
 * Bytes that a run leaves to be collected: the mean growth of the heap over many rounds of runs. In
 * some it shrinks by a collection, which takes nothing from what grew in the others.
 */
async function garbageOf(run: () => void, backend: WebGpuBackend): Promise<number> {
  let growth = 0
  for (let round = 0; round < rounds; round++) {
    const before = process.memoryUsage().heapUsed
    for (let k = 0; k < runsPerRound; k++) run()
    growth += Math.max(process.memoryUsage().heapUsed - before, 0)
    await backend.finish()
  }
  return growth / rounds / runsPerRound
}

// What a run costs in time is reported by the benchmark `own-time`; here is what it is made of.
test.each([
  ['a perceptron', () => perceptron(100)],
  ['a convolutional network', () => convolutional(64, [32, 64])],
])(
  '%s: a run makes no calls but those of its dispatches, and no garbage for them',
  async (_, make) => {
    const device = new NullDevice()
    const backend = await createOnNullDevice(device)
    const run = await runnerOf(await planOf(make), backend)
    device.resetCalls()
    run()
    const { dispatchWorkgroups, setPipeline, setBindGroup, beginComputePass, submit, ...others } =
      device.calls
    expect({ setBindGroup, beginComputePass, submit }).toEqual({
      setBindGroup: dispatchWorkgroups,
      beginComputePass: 1,
      submit: 1,
    })
    expect(setPipeline).toBeLessThanOrEqual(dispatchWorkgroups)
    expect(Object.values(others).every((count) => count === 0)).toBe(true)
    // The engine optimises what it has seen often.
    await garbageOf(run, backend)
    // The engine counts in steps of 32 KiB, 66 bytes a run; an object for each dispatch takes more.
    expect(await garbageOf(run, backend)).toBeLessThan(100)
    await backend.dispose()
  },
)
