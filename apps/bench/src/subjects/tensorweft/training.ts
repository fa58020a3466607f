import {
  compile,
  gradients,
  type Parameter,
  sparseSoftmaxCrossEntropy,
  type Tensor,
} from '@tensorweft/core'
import type { UpdateRule } from '../../problems/update-rule.ts'
import type { Work } from '../../subject.ts'
import { makeOptimizer } from './optimizer.ts'

export interface Training {
  readonly images: Tensor
  readonly labels: Tensor<'int32'>
  readonly logits: (images: Tensor) => Tensor
  readonly parameters: Readonly<Record<string, Parameter>>
  readonly update: UpdateRule
}

/** Training steps, each one plan: forward, backward, update; the loss is read. */
export function training({ images, labels, logits, parameters, update }: Training): Work {
  const optimizer = makeOptimizer(update)
  const train = compile((images: Tensor, labels: Tensor<'int32'>) => {
    const loss = sparseSoftmaxCrossEntropy(logits(images), labels)
    optimizer.update(parameters, gradients(loss, parameters))
    return loss
  })
  let loss = Number.NaN
  return {
    async step() {
      loss = await train(images, labels).item()
    },
    result: async () => [loss],
    async dispose() {
      images.dispose()
      labels.dispose()
    },
  }
}
