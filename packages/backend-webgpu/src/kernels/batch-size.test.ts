import { type Kernel, setBackend } from '@tensorweft/core'
import { recordBackend } from '@tensorweft/testkit'
import { expect, test } from 'vitest'
import { layOutPlan } from '../plan.ts'
import { batchOf, convolutional, type Network, stepOf } from '../testing/networks.testing.ts'
import { createOnNullDevice, NullDevice } from '../testing/null-device.testing.ts'
import { adam } from '../testing/update-rules.testing.ts'
import { writeKernel } from './write-kernel.ts'

/** The kernels of a training step, but for contractions. */
async function loopsOf(network: Network): Promise<Kernel[]> {
  const backend = recordBackend(await createOnNullDevice(new NullDevice()))
  await setBackend(backend)
  const [images, classes] = batchOf(network)
  await Promise.all([images.data(), classes.data()])
  const step = stepOf(network, adam())
  await step(images, classes).data()
  const kernels = backend.plans.flatMap((plan) => layOutPlan(plan).plan.kernels)
  return kernels.filter(({ kind }) => kind !== 'contract')
}

function textOf(kernel: Kernel): string {
  return writeKernel(
    kernel,
    kernel.operands.map(() => 0),
  ).code
}

test('a training step has the same loops at another batch size', async () => {
  const [first, second] = [
    await loopsOf(convolutional(100, [16, 32])),
    await loopsOf(convolutional(96, [16, 32])),
  ]
  expect(first.length).toBeGreaterThan(10)
  expect(second.map(({ label }) => label)).toEqual(first.map(({ label }) => label))
  const changed = first.flatMap((kernel, k) => {
    const other = second[k]
    return other !== undefined && textOf(other) === textOf(kernel) ? [] : [kernel]
  })
  // Strides that depend on the batch: chunks of it, and partial results that have it within.
  expect(changed.map(({ label, axes }) => `${label} ${axes}`)).toEqual([
    'matmul add 100,10,4',
    'sum mul add sqrt div sub (parts) 140,32,140',
    'sum mul add sqrt div sub (parts) 560,16,140',
  ])
})
