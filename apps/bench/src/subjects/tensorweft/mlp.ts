import { type Backend, Parameter, type Tensor, tensor } from '@tensorweft/core'
import type { MlpProblem } from '../../problems/mlp.ts'
import type { Work } from '../../subject.ts'
import { training } from './training.ts'

export function mlp(problem: MlpProblem, backend: Backend): Work {
  const { sizes, weights, update } = problem
  const { batch, inputs, hidden, outputs } = sizes
  const w1 = new Parameter(tensor(weights.w1, { shape: [inputs, hidden] }))
  const b1 = new Parameter(tensor(weights.b1))
  const w2 = new Parameter(tensor(weights.w2, { shape: [hidden, outputs] }))
  const b2 = new Parameter(tensor(weights.b2))
  const images = tensor(problem.images, { shape: [batch, inputs] })
  const labels = tensor(problem.labels, { dtype: 'int32' })
  const logits = (images: Tensor) =>
    images.matmul(w1.value).add(b1.value).relu().matmul(w2.value).add(b2.value)
  const parameters = { w1, b1, w2, b2 }
  return training({ images, labels, logits, parameters, update }, backend)
}
