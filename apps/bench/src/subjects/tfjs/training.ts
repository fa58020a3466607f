import type { Scalar, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs'
import type { UpdateRule } from '../../problems/update-rule.ts'
import type { Work } from '../../subject.ts'
import { heldLosses } from './held-losses.ts'
import { makeOptimizer } from './make-optimizer.ts'
import type { Tf } from './tf.ts'

export interface Training {
  /** One-hot labels. [batch, classes] */
  readonly labels: Tensor2D
  readonly logits: () => Tensor
  /** What `logits` reads and no step changes. */
  readonly inputs: readonly Tensor[]
  readonly variables: Variable[]
  readonly update: UpdateRule
}

/** Training steps by softmax cross entropy. */
export function training(tf: Tf, { labels, logits, inputs, variables, update }: Training): Work {
  const loss = () => tf.losses.softmaxCrossEntropy<Tensor, Scalar>(labels, logits())
  const optimizer = makeOptimizer(tf, update)
  return heldLosses(tf, [{ optimizer, loss, variables }], [labels, ...inputs])
}
