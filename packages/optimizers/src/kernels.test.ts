import { cpu } from '@tensorweft/backend-cpu'
import {
  compile,
  gradients,
  key,
  Parameter,
  randomNormal,
  setBackend,
  sparseSoftmaxCrossEntropy,
  type Tensor,
  zeros,
} from '@tensorweft/core'
import { recordBackend } from '@tensorweft/testkit'
import { expect, test } from 'vitest'
import { adam, adamW, type OptimizerBase, rmsprop, sgd, warmupCosine } from './index.ts'

/** Kernels of one training step of a network 64-32-10. */
async function kernelsOfStep(optimizer: OptimizerBase<string>): Promise<number> {
  const backend = recordBackend(cpu())
  await setBackend(backend)
  const weight = (seed: number, inputs: number, outputs: number) => ({
    kernel: new Parameter(randomNormal(key(seed), [inputs, outputs])),
    bias: new Parameter(zeros([outputs])),
  })
  const model = { hidden: weight(1, 64, 32), output: weight(2, 32, 10) }
  const step = compile((x: Tensor, labels: Tensor<'int32'>) => {
    const { hidden, output } = model
    const inner = x.matmul(hidden.kernel.value).add(hidden.bias.value).relu()
    const logits = inner.matmul(output.kernel.value).add(output.bias.value)
    const loss = sparseSoftmaxCrossEntropy(logits, labels)
    optimizer.update(model, gradients(loss, model))
    return loss
  })
  const run = () => step(randomNormal(key(3), [16, 64]), zeros([16], 'int32')).item()
  await run()
  await run()
  backend.resetRecord()
  const [x, labels] = [randomNormal(key(3), [16, 64]), zeros([16], 'int32')]
  await Promise.all([x.data(), labels.data()])
  const before = backend.record.dispatches
  await step(x, labels).item()
  return backend.record.dispatches - before
}

// Two products forwards, three backwards, two sums of bias gradients, the loss in two: the update is
// written into the kernels that make the gradients, and adds the scalars of the step at most.
test.each([
  ['sgd', sgd(), 10],
  ['sgd with momentum', sgd({ momentum: 0.9 }), 10],
  ['adam', adam(), 10],
  ['adamW', adamW(), 10],
  ['rmsprop', rmsprop(), 10],
  [
    'adam with a schedule',
    adam({
      learningRate: warmupCosine({ peakLearningRate: 0.01, warmupSteps: 10, decaySteps: 100 }),
    }),
    10,
  ],
])(
  'a step of a network of two layers by %s has no kernels for the update',
  async (_, optimizer, most) => {
    expect(await kernelsOfStep(optimizer)).toBeLessThanOrEqual(most)
  },
)
