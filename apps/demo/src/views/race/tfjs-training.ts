// The core of TensorFlow.js knows no gradients until they are registered.
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'
import * as tf from '@tensorflow/tfjs-core'
import { classCount, pixelCount } from '../../data/mnist.ts'
import type { Training } from './contestant.ts'
import {
  adamOptions,
  type CnnProblem,
  learningRates,
  type MlpProblem,
  type Problem,
} from './problem.ts'

/** The training step in TensorFlow.js, as its users write it: an optimiser minimises a loss. */
export function tfjsTraining(problem: Problem): Omit<Training, 'threads'> {
  const { variables, logits } = networkOf(problem)
  const { beta1, beta2, epsilon } = adamOptions
  const optimizer =
    problem.optimizer === 'sgd'
      ? tf.train.sgd(learningRates.sgd)
      : tf.train.adam(learningRates.adam, beta1, beta2, epsilon)
  const images = tf.tensor4d(problem.images, [problem.batch, 28, 28, 1])
  const labels = tf.tidy(() => tf.oneHot(tf.tensor1d(problem.labels, 'int32'), classCount))
  const lossOf = () => tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(labels, logits(images))
  let loss: tf.Tensor | null = null
  return {
    step() {
      loss?.dispose()
      loss = optimizer.minimize(lossOf, true, variables)
    },
    readLoss: async () => (await loss?.data())?.[0] ?? Number.NaN,
    async finish() {
      // Updated last: reading it waits for everything before.
      await variables.at(-1)?.data()
    },
  }
}

/** Why the backend that is set cannot train the network; undefined where it can. */
export function lacksKernels({ network }: Problem): string | undefined {
  const kernel = 'Conv2DBackpropFilter'
  const backend = tf.getBackend()
  if (network === 'mlp' || tf.getKernel(kernel, backend) !== undefined) return undefined
  return `TensorFlow.js cannot train a convolution on ${backend}: it has no kernel ${kernel} there.`
}

interface Network {
  readonly variables: tf.Variable[]
  readonly logits: (images: tf.Tensor4D) => tf.Tensor
}

function networkOf(problem: Problem): Network {
  return problem.network === 'mlp' ? mlpOf(problem) : cnnOf(problem)
}

function mlpOf({ batch, hidden, weights }: MlpProblem): Network {
  const w1 = tf.variable(tf.tensor2d(weights.w1, [pixelCount, hidden]))
  const b1 = tf.variable(tf.tensor1d(weights.b1))
  const w2 = tf.variable(tf.tensor2d(weights.w2, [hidden, classCount]))
  const b2 = tf.variable(tf.tensor1d(weights.b2))
  const logits = (images: tf.Tensor) => {
    const features = tf.relu(tf.add(tf.matMul(tf.reshape(images, [batch, pixelCount]), w1), b1))
    return tf.add(tf.matMul(features, w2), b2)
  }
  return { variables: [w1, b1, w2, b2], logits }
}

function cnnOf({ batch, filters, weights }: CnnProblem): Network {
  const f1 = tf.variable(tf.tensor4d(weights.f1, [3, 3, 1, filters[0]]))
  const b1 = tf.variable(tf.tensor1d(weights.b1))
  const f2 = tf.variable(tf.tensor4d(weights.f2, [3, 3, filters[0], filters[1]]))
  const b2 = tf.variable(tf.tensor1d(weights.b2))
  const w3 = tf.variable(tf.tensor2d(weights.w3, [7 * 7 * filters[1], classCount]))
  const b3 = tf.variable(tf.tensor1d(weights.b3))
  const logits = (images: tf.Tensor4D) => {
    const features = block(block(images, f1, b1), f2, b2)
    return tf.add(tf.matMul(tf.reshape(features, [batch, -1]), w3), b3)
  }
  return { variables: [f1, b1, f2, b2, w3, b3], logits }
}

/** With its fused kernel, as its own layers do it. */
function block(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  const options = { x, filter, bias, strides: 1, pad: 'same', activation: 'relu' } as const
  return tf.maxPool(tf.fused.conv2d(options), 2, 2, 'valid')
}
