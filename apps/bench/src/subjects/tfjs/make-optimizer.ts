import type { Optimizer } from '@tensorflow/tfjs'
import type { UpdateRule } from '../../problems/update-rule.ts'
import type { Tf } from './tf.ts'

export function makeOptimizer(tf: Tf, update: UpdateRule): Optimizer {
  if (update.rule === 'sgd') return tf.train.sgd(update.learningRate)
  return tf.train.adam(update.learningRate, update.beta1, update.beta2, update.epsilon)
}
