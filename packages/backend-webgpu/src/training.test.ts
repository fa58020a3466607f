import { cpu } from '@tensorweft/backend-cpu'
import {
  type Backend,
  compile,
  gradients,
  type Key,
  key,
  Parameter,
  randomNormal,
  randomUniform,
  setBackend,
  sparseSoftmaxCrossEntropy,
  sqrt,
  type Tensor,
  tensor,
  zeros,
} from '@tensorweft/core'
import { expect, test } from 'vitest'
import { describeOnDevice } from './testing/backends.testing.ts'

/** An MLP with dropout and Adam, written out in ops; yields the losses of some steps. */
async function train(backends: readonly Backend[], steps: number): Promise<number[]> {
  const [first] = backends
  if (first === undefined) return []
  await setBackend(first)
  const weights = [
    new Parameter(randomNormal(key(1), [20, 33]).mul(0.3)),
    new Parameter(zeros([33])),
    new Parameter(randomNormal(key(2), [33, 7]).mul(0.3)),
    new Parameter(zeros([7])),
  ]
  const moments = weights.map(({ value }) => ({
    mean: new Parameter(zeros(value.shape), { trainable: false }),
    square: new Parameter(zeros(value.shape), { trainable: false }),
  }))
  const step = compile((x: Tensor, labels: Tensor<'int32'>, mask: Key) => {
    const [w1, b1, w2, b2] = weights.map(({ value }) => value)
    if (w1 === undefined || b1 === undefined || w2 === undefined || b2 === undefined) {
      throw new Error('four parameters')
    }
    const hidden = x.matmul(w1).add(b1).tanh()
    const kept = randomUniform(mask, hidden.shape).less(0.8)
    const dropped = kept.cast('float32').mul(hidden).div(0.8)
    const loss = sparseSoftmaxCrossEntropy(dropped.matmul(w2).add(b2), labels)
    const slopes = gradients(loss, [w1, b1, w2, b2])
    weights.forEach((weight, k) => {
      const [dw, moment] = [slopes[k], moments[k]]
      if (dw === undefined || moment === undefined) return
      const mean = moment.mean.value.mul(0.9).add(dw.mul(0.1))
      const square = moment.square.value.mul(0.99).add(dw.mul(dw).mul(0.01))
      moment.mean.assign(mean)
      moment.square.assign(square)
      weight.assign(weight.value.sub(mean.mul(0.05).div(sqrt(square).add(1e-4))))
    })
    return loss
  })
  const x = tensor(
    Array.from({ length: 16 }, (_, i) => Array.from({ length: 20 }, (_, j) => Math.sin(i * j + i))),
  )
  const labels = tensor(
    Array.from({ length: 16 }, (_, i) => i % 7),
    { dtype: 'int32' },
  )
  const losses: number[] = []
  for (let k = 0; k < steps; k++) {
    const backend = backends[k % backends.length]
    if (backend !== undefined) await setBackend(backend)
    losses.push(await step(x, labels, key(k)).item())
  }
  return losses
}

describeOnDevice('training', (backend) => {
  test('follows cpu step by step, alone and in turns with it', async () => {
    const steps = 12
    const wanted = await train([cpu()], steps)
    expect(wanted.at(-1)).toBeLessThan((wanted[0] ?? 0) / 2)
    for (const backends of [[backend()], [backend(), backend(), cpu()]]) {
      const got = await train(backends, steps)
      got.forEach((loss, k) => {
        expect(Math.abs(loss - (wanted[k] ?? 0))).toBeLessThan(1e-4)
      })
    }
  })
})
