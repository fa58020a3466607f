import {
  compile,
  gradients,
  key,
  layerNorm,
  type Optimizer,
  type Plan,
  randomNormal,
  randomUniform,
  setBackend,
  softmax,
  type Tensor,
  zeros,
} from '@tensorweft/core'
import { planTraffic } from '@tensorweft/testkit'
import { expect, test } from 'vitest'
import { layOutPlan } from './plan.ts'
import {
  byteLengthOfPasses,
  convolutionalPasses,
  type Pass,
  perceptronPasses,
  trainDPasses,
  trainGPasses,
} from './testing/least-traffic.testing.ts'
import {
  batchOf,
  convolutional,
  dcgan,
  type Network,
  perceptron,
  stepOf,
} from './testing/networks.testing.ts'
import { createOnNullDevice, NullDevice } from './testing/null-device.testing.ts'
import { adam, sgd } from './testing/update-rules.testing.ts'

/** Returns what one run computes. */
type Program = () => readonly Tensor[]

interface Record {
  /** The plan that the second run takes. */
  readonly plan: Plan
  readonly dispatches: number
  readonly passes: number
}

async function recordOf(make: () => Program): Promise<Record> {
  const device = new NullDevice()
  const backend = await createOnNullDevice(device)
  const compilePlan = backend.compile.bind(backend)
  let plans: Plan[] = []
  backend.compile = (plan) => {
    const executable = compilePlan(plan)
    const run = executable.run.bind(executable)
    executable.run = (...args) => {
      plans.push(plan)
      return run(...args)
    }
    return executable
  }
  await setBackend(backend)
  const program = make()
  await program()[0]?.data()
  device.resetCalls()
  plans = []
  await program()[0]?.data()
  const { dispatchWorkgroups: dispatches, beginComputePass: passes } = device.calls
  await backend.dispose()
  const [plan] = plans
  if (plan === undefined) throw new Error('nothing ran')
  return { plan, dispatches, passes }
}

const filters = [32, 64] as const

function trainingOf(network: Network, optimizer: Optimizer): Program {
  const step = stepOf(network, optimizer)
  const [images, classes] = batchOf(network)
  return () => [step(images, classes)]
}

function ganOf(half: 'trainD' | 'trainG'): Program {
  const { trainD, trainG } = dcgan(64, filters, [adam(), adam()])
  const images = randomUniform(key(1), [64, 28, 28, 1])
  const noise = randomNormal(key(2), [64, 100])
  return () => [half === 'trainD' ? trainD(images, noise) : trainG(noise)]
}

function softmaxOf(rows: number, length: number): Program {
  const apply = compile((x: Tensor) => softmax(x))
  const x = zeros([rows, length])
  return () => [apply(x)]
}

function layerNormOf(rows: number, length: number): Program {
  const apply = compile((x: Tensor, dy: Tensor, gamma: Tensor, beta: Tensor) => {
    const y = layerNorm(x, gamma, beta)
    return [y, ...gradients(y.mul(dy).sum(), [x, gamma, beta])]
  })
  const [x, dy] = [randomNormal(key(1), [rows, length]), randomNormal(key(2), [rows, length])]
  const [gamma, beta] = [randomNormal(key(3), [length]), randomNormal(key(4), [length])]
  return () => apply(x, dy, gamma, beta)
}

/** The mean and the scale of each row are kept for the sums over the rows. */
function layerNormPasses(rows: number, length: number): Pass[] {
  const x = rows * length
  return [
    [
      [x, x, length, length],
      [x, x, rows, rows],
    ],
    [
      [x, x, rows, rows],
      [length, length],
    ],
  ]
}

test.each<[string, () => Program, kernels: number, readonly Pass[]]>([
  ['perceptron, SGD', () => trainingOf(perceptron(100), sgd()), 10, perceptronPasses(100, 1)],
  ['perceptron, Adam', () => trainingOf(perceptron(100), adam()), 10, perceptronPasses(100, 3)],
  [
    'convolutional network, Adam',
    () => trainingOf(convolutional(64, filters), adam()),
    18,
    convolutionalPasses(64, filters, 3),
  ],
  ['GAN, its discriminator', () => ganOf('trainD'), 28, trainDPasses(64, filters)],
  ['GAN, its generator', () => ganOf('trainG'), 26, trainGPasses(64, filters)],
  ['softmax', () => softmaxOf(1024, 1000), 1, [[[1_024_000], [1_024_000]]]],
  ['layer norm with gradients', () => layerNormOf(1024, 1024), 2, layerNormPasses(1024, 1024)],
])('%s moves little more than it must', async (_, make, mostKernels, least) => {
  const { plan, dispatches, passes } = await recordOf(make)
  const { kernels, plan: split } = layOutPlan(plan)
  expect(plan.kernels.length).toBeLessThanOrEqual(mostKernels)
  expect(dispatches).toBe(kernels.length)
  expect(passes).toBe(1)
  const { bytesRead, bytesWritten } = planTraffic(split)
  const ratio = (bytesRead + bytesWritten) / byteLengthOfPasses(least)
  // Nobody can do with less: then the passes are not stated rightly.
  expect(ratio).toBeGreaterThan(0.99)
  expect(ratio).toBeLessThanOrEqual(1.3)
})
