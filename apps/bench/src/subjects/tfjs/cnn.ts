import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs'
import { type CnnProblem, type CnnTrainingProblem, flatSize } from '../../problems/cnn.ts'
import { oneHot } from '../../problems/one-hot.ts'
import type { Prepared, Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'
import type { Tf } from './tf.ts'
import { training } from './training.ts'
import { variable } from './variable.ts'

const filterGradient = 'Conv2DBackpropFilter'

export function cnnForward(tf: Tf, problem: CnnProblem): Work {
  const { logits, inputs, variables } = network(tf, problem)
  return heldResult(tf, () => [logits()], [...inputs, ...variables])
}

export function cnnTraining(tf: Tf, problem: CnnTrainingProblem): Prepared {
  const unsupported = lacksFilterGradient(tf)
  if (unsupported !== undefined) return { unsupported }
  const { labels, update } = problem
  const { batch, outputs } = problem.sizes
  return training(tf, {
    ...network(tf, problem),
    labels: tf.tensor2d(oneHot(labels, outputs), [batch, outputs]),
    update,
  })
}

/** Why the current backend cannot train convolutions; undefined where it can. */
export function lacksFilterGradient(tf: Tf): string | undefined {
  if (tf.getKernel(filterGradient, tf.getBackend()) !== undefined) return undefined
  return `cannot train it, there is no kernel ${filterGradient}`
}

function network(tf: Tf, { sizes, images, weights }: CnnProblem) {
  const { batch, height, width, filters1, filters2, outputs } = sizes
  const x = tf.tensor4d(images, [batch, height, width, 1])
  const f1 = variable(tf, tf.tensor4d(weights.f1, [3, 3, 1, filters1]))
  const b1 = variable(tf, tf.tensor1d(weights.b1))
  const f2 = variable(tf, tf.tensor4d(weights.f2, [3, 3, filters1, filters2]))
  const b2 = variable(tf, tf.tensor1d(weights.b2))
  const w3 = variable(tf, tf.tensor2d(weights.w3, [flatSize(sizes), outputs]))
  const b3 = variable(tf, tf.tensor1d(weights.b3))
  const logits = (): Tensor => {
    const features = block(tf, block(tf, x, f1, b1), f2, b2)
    return tf.add(tf.matMul(features.reshape([batch, -1]), w3), b3)
  }
  return { logits, inputs: [x], variables: [f1, b1, f2, b2, w3, b3] }
}

/** With its fused kernel, as its own layers do it; under a gradient it takes three ops instead. */
function block(tf: Tf, x: Tensor4D, filter: Tensor4D, bias: Tensor1D): Tensor4D {
  const convolved = tf.fused.conv2d({
    x,
    filter,
    bias,
    strides: 1,
    pad: 'same',
    activation: 'relu',
  })
  return tf.maxPool(convolved, 2, 2, 'valid')
}
