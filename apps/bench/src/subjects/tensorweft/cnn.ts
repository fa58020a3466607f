import {
  type Backend,
  compile,
  conv2d,
  maxPool2d,
  Parameter,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import { type CnnProblem, type CnnTrainingProblem, flatSize } from '../../problems/cnn.ts'
import type { Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'
import { training } from './training.ts'

export function cnnForward(problem: CnnProblem, backend: Backend): Work {
  const images = imagesOf(problem)
  const { logits } = networkOf(problem)
  const forward = compile(logits)
  return heldResult(() => [forward(images)], [images], backend)
}

export function cnnTraining(problem: CnnTrainingProblem, backend: Backend): Work {
  const network = networkOf(problem)
  const labels = tensor(problem.labels, { dtype: 'int32' })
  const { update } = problem
  return training({ images: imagesOf(problem), labels, ...network, update }, backend)
}

function networkOf({ sizes, weights }: CnnProblem) {
  const { batch, filters1, filters2, outputs } = sizes
  const f1 = new Parameter(tensor(weights.f1, { shape: [3, 3, 1, filters1] }))
  const b1 = new Parameter(tensor(weights.b1))
  const f2 = new Parameter(tensor(weights.f2, { shape: [3, 3, filters1, filters2] }))
  const b2 = new Parameter(tensor(weights.b2))
  const w3 = new Parameter(tensor(weights.w3, { shape: [flatSize(sizes), outputs] }))
  const b3 = new Parameter(tensor(weights.b3))
  const logits = (images: Tensor) => {
    const features = block(block(images, f1, b1), f2, b2)
    return features.reshape([batch, -1]).matmul(w3.value).add(b3.value)
  }
  return { logits, parameters: { f1, b1, f2, b2, w3, b3 } }
}

function block(x: Tensor, filters: Parameter, bias: Parameter): Tensor {
  return maxPool2d(conv2d(x, filters.value, { padding: 'same' }).add(bias.value).relu())
}

function imagesOf({ sizes, images }: CnnProblem): Tensor {
  return tensor(images, { shape: [sizes.batch, sizes.height, sizes.width, 1] })
}
