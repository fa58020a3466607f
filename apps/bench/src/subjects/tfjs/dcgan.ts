import type { Scalar, Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs'
import { type DcganProblem, leakySlope } from '../../problems/dcgan.ts'
import type { Work } from '../../subject.ts'
import { heldLosses, type Minimized } from './held-losses.ts'
import { makeOptimizer } from './make-optimizer.ts'
import type { Tf } from './tf.ts'
import { variable } from './variable.ts'

/** Two updates a step; the gradients of each reach the variables of one network only. */
export function dcgan(tf: Tf, problem: DcganProblem): Work {
  const { batch, side, latent } = problem.sizes
  const [generator, discriminator] = [generatorOf(tf, problem), discriminatorOf(tf, problem)]
  const images = tf.tensor4d(problem.images, [batch, side, side, 1])
  const noiseD = tf.tensor2d(problem.noiseD, [batch, latent])
  const noiseG = tf.tensor2d(problem.noiseG, [batch, latent])
  const meanSoftplus = (logits: Tensor) => tf.mean<Scalar>(tf.softplus(logits))
  const half = (variables: Variable[], loss: () => Scalar): Minimized => ({
    ...{ optimizer: makeOptimizer(tf, problem.update), variables, loss },
  })
  const halfD = half(discriminator.variables, () => {
    const onReal = discriminator.logits(images)
    const onFake = discriminator.logits(generator.images(noiseD))
    return tf.add<Scalar>(meanSoftplus(tf.neg(onReal)), meanSoftplus(onFake))
  })
  const halfG = half(generator.variables, () =>
    meanSoftplus(tf.neg(discriminator.logits(generator.images(noiseG)))),
  )
  return heldLosses(tf, [halfD, halfG], [images, noiseD, noiseG])
}

function generatorOf(tf: Tf, { sizes, generator, epsilon }: DcganProblem) {
  const { batch, side, latent, channels1, channels2 } = sizes
  const quarter = side / 4
  const vector = (values: Float32Array) => variable(tf, tf.tensor1d(values))
  const w0 = variable(tf, tf.tensor2d(generator.w0, [latent, quarter ** 2 * channels2]))
  const u1 = variable(tf, tf.tensor4d(generator.u1, [4, 4, channels1, channels2]))
  const u2 = variable(tf, tf.tensor4d(generator.u2, [4, 4, 1, channels1]))
  const [gamma0, beta0] = [vector(generator.gamma0), vector(generator.beta0)]
  const [gamma1, beta1] = [vector(generator.gamma1), vector(generator.beta1)]
  const b2 = vector(generator.b2)
  const norm = (x: Tensor4D, gamma: Tensor, beta: Tensor) => {
    const { mean, variance } = tf.moments(x, [0, 1, 2])
    const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)))
    return tf.relu<Tensor4D>(tf.add(tf.mul(normal, gamma), beta))
  }
  const images = (noise: Tensor2D): Tensor4D => {
    const dense = tf.matMul(noise, w0).reshape([batch, quarter, quarter, channels2]) as Tensor4D
    const hidden0 = norm(dense, gamma0, beta0)
    const half: [number, number, number, number] = [batch, side / 2, side / 2, channels1]
    const hidden1 = norm(tf.conv2dTranspose(hidden0, u1, half, 2, 'same'), gamma1, beta1)
    const whole = tf.conv2dTranspose(hidden1, u2, [batch, side, side, 1], 2, 'same')
    return tf.tanh<Tensor4D>(tf.add(whole, b2))
  }
  return { images, variables: [w0, gamma0, beta0, u1, gamma1, beta1, u2, b2] }
}

function discriminatorOf(tf: Tf, { sizes, discriminator }: DcganProblem) {
  const { batch, side, channels1, channels2 } = sizes
  const f1 = variable(tf, tf.tensor4d(discriminator.f1, [4, 4, 1, channels1]))
  const b1 = variable(tf, tf.tensor1d(discriminator.b1))
  const f2 = variable(tf, tf.tensor4d(discriminator.f2, [4, 4, channels1, channels2]))
  const b2 = variable(tf, tf.tensor1d(discriminator.b2))
  const w3 = variable(tf, tf.tensor2d(discriminator.w3, [(side / 4) ** 2 * channels2, 1]))
  const b3 = variable(tf, tf.tensor1d(discriminator.b3))
  const layer = (x: Tensor4D, filters: Tensor4D, bias: Tensor) =>
    tf.leakyRelu<Tensor4D>(tf.add(tf.conv2d(x, filters, 2, 'same'), bias), leakySlope)
  const logits = (images: Tensor4D): Tensor => {
    const features = layer(layer(images, f1, b1), f2, b2)
    return tf.add(tf.matMul(features.reshape([batch, -1]), w3), b3)
  }
  return { logits, variables: [f1, b1, f2, b2, w3, b3] }
}
