import { cpu } from '@tensorweft/backend-cpu'
import {
  type Backend,
  type BufferHandle,
  compile,
  conv2d,
  gradients,
  key,
  maxPool2d,
  Parameter,
  randomNormal,
  setBackend,
  sparseSoftmaxCrossEntropy,
  type Tensor,
  zeros,
} from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { wasm } from './index.ts'

const normal = (seed: number, shape: readonly number[]) =>
  new Parameter(randomNormal(key(seed), shape).mul(0.1))
const noBias = (units: number) => new Parameter(zeros([units]))

interface Model {
  readonly inputShape: readonly number[]
  readonly parameters: readonly Parameter[]
  readonly apply: (x: Tensor) => Tensor
}

function dense(x: Tensor, weights: Parameter, bias: Parameter): Tensor {
  return x.matmul(weights.value).add(bias.value)
}

function perceptron(): Model {
  const [w1, b1, w2, b2] = [normal(1, [64, 33]), noBias(33), normal(2, [33, 10]), noBias(10)]
  return {
    inputShape: [25, 64],
    parameters: [w1, b1, w2, b2],
    apply: (x) => dense(dense(x, w1, b1).relu(), w2, b2),
  }
}

function convolutional(): Model {
  const [filter, bias] = [normal(3, [3, 3, 1, 6]), noBias(6)]
  const [second, secondBias] = [normal(4, [3, 3, 6, 9]), noBias(9)]
  const [weights, last] = [normal(5, [4 * 4 * 9, 10]), noBias(10)]
  const block = (x: Tensor, filter: Parameter, bias: Parameter) =>
    maxPool2d(conv2d(x, filter.value, { padding: 'same' }).add(bias.value).relu())
  return {
    inputShape: [7, 16, 16, 1],
    parameters: [filter, bias, second, secondBias, weights, last],
    apply: (x) => {
      const features = block(block(x, filter, bias), second, secondBias)
      return dense(features.reshape([x.shape[0] ?? 1, -1]), weights, last)
    },
  }
}

/** A compiled step of gradient descent on random images, whose labels are their largest pixels. */
async function stepOf(backend: Backend, create: () => Model): Promise<() => Tensor> {
  await setBackend(backend)
  const { inputShape, parameters, apply } = create()
  const step = compile((x: Tensor, labels: Tensor<'int32'>) => {
    const loss = sparseSoftmaxCrossEntropy(apply(x), labels)
    const slopes = gradients(loss, parameters)
    parameters.forEach((parameter, k) => {
      const slope = slopes[k]
      if (slope !== undefined) parameter.assign(parameter.value.sub(slope.mul(0.1)))
    })
    return loss
  })
  const x = randomNormal(key(9), inputShape)
  const batch = inputShape[0] ?? 1
  const labels = x.reshape([batch, -1]).slice([0, 0], [batch, 10]).argMax(1)
  return () => step(x, labels)
}

async function losses(backend: Backend, create: () => Model, steps: number): Promise<number[]> {
  const step = await stepOf(backend, create)
  const results: number[] = []
  for (let k = 0; k < steps; k++) results.push(await step().item())
  return results
}

describe('training follows the cpu backend', () => {
  for (const create of [perceptron, convolutional]) {
    test(`${create.name}, 50 steps`, async () => {
      const wanted = await losses(cpu(), create, 50)
      const got = await losses(wasm(), create, 50)
      expect(wanted.at(-1)).toBeLessThan((wanted[0] ?? 0) / 2)
      got.forEach((loss, k) => {
        expect(Math.abs(loss - (wanted[k] ?? 0)), `step ${k}`).toBeLessThan(1e-3)
      })
    })
  }

  test('twice on wasm gives the same bits', async () => {
    const first = await losses(wasm(), convolutional, 10)
    expect(await losses(wasm(), convolutional, 10)).toEqual(first)
  })
})

/** Counts the bytes in buffers that were allocated and not freed. */
function countBytes(backend: Backend): { backend: Backend; held: () => number } {
  const sizes = new Map<BufferHandle, number>()
  return {
    held: () => [...sizes.values()].reduce((sum, size) => sum + size, 0),
    backend: {
      name: backend.name,
      capabilities: backend.capabilities,
      allocate: (byteLength) => {
        const buffer = backend.allocate(byteLength)
        sizes.set(buffer, byteLength)
        return buffer
      },
      free: (buffer) => {
        sizes.delete(buffer)
        backend.free(buffer)
      },
      write: (buffer, bytes, byteOffset) => backend.write(buffer, bytes, byteOffset),
      read: (buffer, byteOffset, byteLength) => backend.read(buffer, byteOffset, byteLength),
      compile: (plan) => backend.compile(plan),
      finish: () => backend.finish(),
      dispose: () => backend.dispose(),
    },
  }
}

test('1,000 steps end with the bytes that they began with', async () => {
  const { backend, held } = countBytes(wasm())
  const step = await stepOf(backend, perceptron)
  step().dispose()
  const before = held()
  for (let k = 0; k < 1000; k++) step().dispose()
  expect(held()).toBe(before)
})
