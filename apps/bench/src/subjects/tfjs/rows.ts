import type { Tensor } from '@tensorflow/tfjs'
import type { LayerNormProblem, RowsProblem } from '../../problems/rows.ts'
import type { Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'
import type { Tf } from './tf.ts'

export function softmaxRows(tf: Tf, { rows, columns, ...data }: RowsProblem): Work {
  const x = tf.tensor2d(data.x, [rows, columns])
  return heldResult(tf, () => [tf.softmax(x)], [x])
}

/** Written out as its layer does it: moments, then scale and shift. */
export function layerNormGradient(tf: Tf, problem: LayerNormProblem): Work {
  const { rows, columns, epsilon } = problem
  const x = tf.tensor2d(problem.x, [rows, columns])
  const [gamma, beta] = [tf.tensor1d(problem.gamma), tf.tensor1d(problem.beta)]
  const dy = tf.tensor2d(problem.dy, [rows, columns])
  const norm = (x: Tensor, gamma: Tensor, beta: Tensor) => {
    const { mean, variance } = tf.moments(x, 1, true)
    const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)))
    return tf.add(tf.mul(normal, gamma), beta)
  }
  const run = tf.valueAndGrads(norm)
  const compute = () => {
    const { value, grads } = run([x, gamma, beta], dy)
    return [value, ...grads]
  }
  return heldResult(tf, compute, [x, gamma, beta, dy])
}
