import { type Step, setBackend, type Tensor } from '@tensorweft/core'
import { affine, apply, load, mapKernel, PlanBuilder } from '@tensorweft/testkit/plans'
import { expect, test } from 'vitest'
import { batchOf, convolutional, perceptron, stepOf } from './testing/networks.testing.ts'
import { createOnNullDevice, NullDevice } from './testing/null-device.testing.ts'
import { adam, sgd } from './testing/update-rules.testing.ts'

test.each([
  ['a perceptron, SGD', () => perceptron(100), sgd],
  ['a perceptron, Adam', () => perceptron(100), adam],
  ['a convolutional network, Adam', () => convolutional(64, [32, 64]), adam],
] as const)('a step makes nothing new: %s', async (_, makeNetwork, makeOptimizer) => {
  const device = new NullDevice()
  const backend = await createOnNullDevice(device)
  await setBackend(backend)
  const network = makeNetwork()
  const [images, classes] = batchOf(network)
  const step = stepOf(network, makeOptimizer())
  let loss: Tensor | undefined
  for (let k = 0; k < 3; k++) {
    loss?.dispose()
    loss = step(images, classes)
    await loss.data()
  }
  device.resetCalls()
  for (let k = 0; k < 10; k++) {
    loss?.dispose()
    loss = step(images, classes)
  }
  const { dispatchWorkgroups, setPipeline, setBindGroup, writtenByteLength, ...calls } =
    device.calls
  expect(calls).toEqual({
    createBuffer: 0,
    createBindGroup: 0,
    createComputePipelineAsync: 0,
    writeBuffer: 0,
    copyBufferToBuffer: 0,
    beginComputePass: 10,
    submit: 10,
  })
  expect(writtenByteLength).toBe(0)
  expect(dispatchWorkgroups % 10).toBe(0)
  expect(setBindGroup).toBe(dispatchWorkgroups)
  expect(setPipeline).toBeLessThanOrEqual(dispatchWorkgroups)
  await backend.dispose()
})

/** `output = input · scalar` */
function scaling(size: number) {
  const builder = new PlanBuilder()
  const input = builder.input('float32', new Float32Array(size))
  const output = builder.output('float32', size)
  const scalar = builder.scalar('float32', 1)
  const program: Step[] = [
    load('float32', 0, affine([1])),
    { op: 'scalar', dtype: 'float32', scalar },
    apply('float32', 'mul', 0, 1),
  ]
  const operands = [input, output].map((slot) => ({ slot, dtype: 'float32' as const }))
  builder.add(mapKernel('scaling', [size], operands, program))
  return builder.build().plan
}

const view = (buffer: object) => ({ buffer, byteOffset: 0, byteLength: 64 })

test('writes only the words that changed, and keeps bind groups for arrays that alternate', async () => {
  const device = new NullDevice()
  const backend = await createOnNullDevice(device, { first: 1024, largest: 1024 })
  const arrays = Array.from({ length: 9 }, () => view(backend.allocate(64)))
  const [output, near, nearer, ...others] = arrays
  const far = others.at(-1)
  if (!output || !near || !nearer || !far) throw new Error('nine arrays')
  const executable = backend.compile(scaling(16))
  for (const input of [near, far]) executable.run([input], [output], [2])
  await backend.finish()
  const callsOf = (input: typeof near, scalar: number) => {
    device.resetCalls()
    executable.run([input], [output], [scalar])
    const { createBindGroup, createBuffer, writeBuffer, writtenByteLength, submit } = device.calls
    expect({ createBindGroup, createBuffer, submit }).toEqual({
      createBindGroup: 0,
      createBuffer: 0,
      submit: 1,
    })
    return [writeBuffer, writtenByteLength]
  }
  callsOf(near, 2)
  expect(callsOf(near, 2)).toEqual([0, 0])
  expect(callsOf(near, 3)).toEqual([1, 4])
  expect(callsOf(nearer, 3)).toEqual([1, 4])
  // In another slab, of which the other binding may have the same offset.
  const [writes, bytes] = callsOf(far, 3)
  expect(writes).toBeLessThanOrEqual(1)
  expect(bytes).toBeLessThanOrEqual(8)
  callsOf(near, 3)
  await backend.dispose()
})

test('a run that moves nothing but its donated array writes nothing', async () => {
  const device = new NullDevice()
  const backend = await createOnNullDevice(device)
  const plan = scaling(16)
  const outputs = plan.outputs.map((output) => ({ ...output, donated: 0 }))
  const executable = backend.compile({ ...plan, outputs })
  const array = view(backend.allocate(64))
  executable.run([array], [array], [1])
  await backend.finish()
  device.resetCalls()
  for (let k = 0; k < 5; k++) executable.run([array], [array], [1])
  expect(device.calls).toMatchObject({ writeBuffer: 0, createBindGroup: 0, submit: 5 })
  await backend.dispose()
})

test('large arrays that are made and freed again and again lie where they lay before', async () => {
  const device = new NullDevice()
  const backend = await createOnNullDevice(device)
  const round = () => {
    const buffers = [1, 2, 3].map(() => backend.allocate(300 * 2 ** 20))
    for (const buffer of buffers) backend.free(buffer)
  }
  for (let k = 0; k < 3; k++) round()
  device.resetCalls()
  for (let k = 0; k < 10; k++) round()
  expect(device.calls.createBuffer).toBe(0)
  // What has not been used for long is given back, and made anew.
  for (let k = 0; k < 40; k++) backend.free(backend.allocate(1024))
  round()
  expect(device.calls.createBuffer).toBeGreaterThan(0)
  await backend.dispose()
})
