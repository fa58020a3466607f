import type { MlpProblem } from '../../problems/mlp.ts'
import { oneHot } from '../../problems/one-hot.ts'
import type { Work } from '../../subject.ts'
import type { Tf } from './tf.ts'
import { training } from './training.ts'
import { variable } from './variable.ts'

export function mlp(tf: Tf, { sizes, images, labels, weights, update }: MlpProblem): Work {
  const { batch, inputs, hidden, outputs } = sizes
  const x = tf.tensor2d(images, [batch, inputs])
  const w1 = variable(tf, tf.tensor2d(weights.w1, [inputs, hidden]))
  const b1 = variable(tf, tf.tensor1d(weights.b1))
  const w2 = variable(tf, tf.tensor2d(weights.w2, [hidden, outputs]))
  const b2 = variable(tf, tf.tensor1d(weights.b2))
  return training(tf, {
    labels: tf.tensor2d(oneHot(labels, outputs), [batch, outputs]),
    logits() {
      const activations = tf.relu(tf.add(tf.matMul(x, w1), b1))
      return tf.add(tf.matMul(activations, w2), b2)
    },
    inputs: [x],
    variables: [w1, b1, w2, b2],
    update,
  })
}
