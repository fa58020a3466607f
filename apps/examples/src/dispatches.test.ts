import { wasm } from '@tensorweft/backend-wasm'
import {
  compile,
  gradients,
  key,
  type Layer,
  type Optimizer,
  randomNormal,
  randomUniform,
  sparseSoftmaxCrossEntropy,
  type Tensor,
  withBackend,
} from '@tensorweft/core'
import { adam, sgd } from '@tensorweft/optimizers'
import { type BackendRecord, describeRecord, recordBackend } from '@tensorweft/testkit'
import { describe, expect, test } from 'vitest'
import { convolutional, perceptron, trainingStep } from './networks.testing.ts'

/** What the third step of a network asks of its backend. */
async function recordOfStep(
  model: Layer,
  optimizer: Optimizer,
  inputShape: readonly number[],
): Promise<BackendRecord> {
  const backend = recordBackend(wasm())
  const step = trainingStep(model, optimizer, inputShape)
  const run = () => withBackend(backend, () => step().item())
  await run()
  await run()
  backend.resetRecord()
  expect(await run()).toBeGreaterThan(0)
  const { record } = backend
  await backend.dispose()
  return record
}

describe('a training step is one plan', () => {
  const images = [64, 28, 28, 1]

  test.each([
    ['a perceptron, SGD', perceptron, sgd, [100, 784], 10, 4],
    ['a perceptron, Adam', perceptron, adam, [100, 784], 10, 7.5],
    ['a convolutional network, Adam', () => convolutional([32, 64]), adam, images, 20, 84],
  ] as const)('of few kernels and bytes: %s', async (...row) => {
    const [, model, optimizer, inputShape, mostKernels, mostMebibytes] = row
    const record = await recordOfStep(model(), optimizer({}), inputShape)
    const { dispatches, bytesRead, bytesWritten } = record
    expect(record).toMatchObject({ runs: 1, plansCompiled: 0, bytesUploaded: 0 })
    expect(dispatches, describeRecord(record)).toBeLessThanOrEqual(mostKernels)
    const mebibytes = (bytesRead + bytesWritten) / 2 ** 20
    expect(mebibytes, describeRecord(record)).toBeLessThanOrEqual(mostMebibytes)
  })
})

test('softmax cross entropy and its gradient are one kernel', async () => {
  const backend = recordBackend(wasm())
  const logits = randomNormal(key(1), [64, 10])
  const labels = randomUniform(key(2), [64]).mul(10).cast('int32')
  const both = compile((x: Tensor, classes: Tensor<'int32'>) => {
    const losses = sparseSoftmaxCrossEntropy(x, classes, { reduction: 'none' })
    return [losses, ...gradients(losses.mean(), [x])]
  })
  await withBackend(backend, async () => Promise.all([logits.data(), labels.data()]))
  backend.resetRecord()
  const [losses, slopes] = await withBackend(backend, async () => both(logits, labels))
  expect(backend.record.dispatches).toBe(1)
  expect(losses?.shape).toEqual([64])
  expect(slopes?.shape).toEqual([64, 10])
})
