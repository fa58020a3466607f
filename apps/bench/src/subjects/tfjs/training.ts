import type { Optimizer, Rank, Scalar, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs'
import type { UpdateRule } from '../../problems/update-rule.ts'
import type { Work } from '../../subject.ts'
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

/** Training steps; the loss is read. */
export function training(tf: Tf, { labels, logits, inputs, variables, update }: Training): Work {
  const optimizer = makeOptimizer(tf, update)
  const lossOf = () => tf.losses.softmaxCrossEntropy<Tensor, Scalar>(labels, logits())
  let loss = Number.NaN
  return {
    async step() {
      const value = optimizer.minimize(lossOf, true, variables)
      if (value === null) throw new Error('tfjs returned no loss')
      loss = (await value.data())[0] ?? Number.NaN
      value.dispose()
    },
    result: async () => [loss],
    async dispose() {
      optimizer.dispose()
      tf.dispose([labels, ...inputs, ...variables])
    },
  }
}

/** A variable of its own: the tensor that it starts from is freed. */
export function variable<R extends Rank>(tf: Tf, start: Tensor<R>): Variable<R> {
  const made = tf.variable(start)
  start.dispose()
  return made
}

function makeOptimizer(tf: Tf, update: UpdateRule): Optimizer {
  if (update.rule === 'sgd') return tf.train.sgd(update.learningRate)
  return tf.train.adam(update.learningRate, update.beta1, update.beta2, update.epsilon)
}
