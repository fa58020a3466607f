import {
  type Backend,
  compile,
  gradients,
  type Parameter,
  sparseSoftmaxCrossEntropy,
  type Tensor,
} from '@tensorweft/core'
import type { UpdateRule } from '../../problems/update-rule.ts'
import type { Work } from '../../subject.ts'
import { heldLosses } from './held-losses.ts'
import { makeOptimizer } from './optimizer.ts'

export interface Training {
  readonly images: Tensor
  readonly labels: Tensor<'int32'>
  readonly logits: (images: Tensor) => Tensor
  readonly parameters: Readonly<Record<string, Parameter>>
  readonly update: UpdateRule
}

/** Training steps, each one plan: forward, backward, update; the loss is what a step returns. */
export function training(
  { images, labels, logits, parameters, update }: Training,
  backend: Backend,
): Work {
  const optimizer = makeOptimizer(update)
  const train = compile((images: Tensor, labels: Tensor<'int32'>) => {
    const loss = sparseSoftmaxCrossEntropy(logits(images), labels)
    optimizer.update(parameters, gradients(loss, parameters))
    return loss
  })
  return heldLosses(() => [train(images, labels)], [images, labels], backend)
}
