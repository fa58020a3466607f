import { Parameter, tensor } from '@tensorweft/core'
import type { MlpProblem } from '../../problems/mlp.ts'
import type { Work } from '../../subject.ts'
import { training } from './training.ts'

export function mlp({ sizes, images, labels, weights, update }: MlpProblem): Work {
  const { batch, inputs, hidden, outputs } = sizes
  const w1 = new Parameter(tensor(weights.w1, { shape: [inputs, hidden] }))
  const b1 = new Parameter(tensor(weights.b1))
  const w2 = new Parameter(tensor(weights.w2, { shape: [hidden, outputs] }))
  const b2 = new Parameter(tensor(weights.b2))
  return training({
    images: tensor(images, { shape: [batch, inputs] }),
    labels: tensor(labels, { dtype: 'int32' }),
    logits: (images) => images.matmul(w1.value).add(b1.value).relu().matmul(w2.value).add(b2.value),
    parameters: { w1, b1, w2, b2 },
    update,
  })
}
