import type { Tensor } from '@tensorflow/tfjs'
import type { LayerNormProblem, NormProblem, RowsProblem } from '../../problems/rows.ts'
import type { Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'
import type { Tf } from './tf.ts'

export function softmaxRows(tf: Tf, { rows, columns, ...data }: RowsProblem): Work {
  const x = tf.tensor2d(data.x, [rows, columns])
  return heldResult(tf, () => [tf.softmax(x)], [x])
}

export function layerNormRows(tf: Tf, problem: NormProblem): Work {
  const inputs = inputsOf(tf, problem)
  const norm = layerNorm(tf, problem)
  return heldResult(tf, () => [norm(...inputs)], inputs)
}

export function layerNormGradient(tf: Tf, problem: LayerNormProblem): Work {
  const inputs = inputsOf(tf, problem)
  const dy = tf.tensor2d(problem.dy, [problem.rows, problem.columns])
  const run = tf.valueAndGrads(layerNorm(tf, problem))
  const compute = () => {
    const { value, grads } = run([...inputs], dy)
    return [value, ...grads]
  }
  return heldResult(tf, compute, [...inputs, dy])
}

type Inputs = readonly [x: Tensor, gamma: Tensor, beta: Tensor]

function inputsOf(tf: Tf, { rows, columns, ...data }: NormProblem): Inputs {
  return [tf.tensor2d(data.x, [rows, columns]), tf.tensor1d(data.gamma), tf.tensor1d(data.beta)]
}

/** Written out as its layer does it: moments, then scale and shift. */
function layerNorm(tf: Tf, { epsilon }: NormProblem) {
  return (x: Tensor, gamma: Tensor, beta: Tensor): Tensor => {
    const { mean, variance } = tf.moments(x, 1, true)
    const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)))
    return tf.add(tf.mul(normal, gamma), beta)
  }
}
