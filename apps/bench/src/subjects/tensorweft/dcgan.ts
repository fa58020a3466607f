import {
  type Backend,
  batchNorm,
  compile,
  conv2d,
  convTranspose2d,
  gradients,
  leakyRelu,
  Parameter,
  softplus,
  stopGradient,
  type Tensor,
  tanh,
  tensor,
  zeros,
} from '@tensorweft/core'
import { type DcganProblem, leakySlope } from '../../problems/dcgan.ts'
import type { Work } from '../../subject.ts'
import { heldLosses } from './held-losses.ts'
import { makeOptimizer } from './optimizer.ts'

const twice = { strides: 2, padding: 'same' } as const

/** Two plans, one per network: forward, backward, update. */
export function dcgan(problem: DcganProblem, backend: Backend): Work {
  const { batch, side, latent } = problem.sizes
  const [generator, discriminator] = [generatorOf(problem), discriminatorOf(problem)]
  const [updateG, updateD] = [makeOptimizer(problem.update), makeOptimizer(problem.update)]
  const images = tensor(problem.images, { shape: [batch, side, side, 1] })
  const noiseD = tensor(problem.noiseD, { shape: [batch, latent] })
  const noiseG = tensor(problem.noiseG, { shape: [batch, latent] })
  const trainD = compile((images: Tensor, noise: Tensor) => {
    const onReal = discriminator.logits(images)
    const onFake = discriminator.logits(stopGradient(generator.images(noise)))
    const loss = softplus(onReal.neg()).mean().add(softplus(onFake).mean())
    updateD.update(discriminator.parameters, gradients(loss, discriminator.parameters))
    return loss
  })
  const trainG = compile((noise: Tensor) => {
    const loss = softplus(discriminator.logits(generator.images(noise)).neg()).mean()
    updateG.update(generator.parameters, gradients(loss, generator.parameters))
    return loss
  })
  const train = () => [trainD(images, noiseD), trainG(noiseG)]
  return heldLosses(train, [images, noiseD, noiseG], backend)
}

function generatorOf({ sizes, generator, epsilon }: DcganProblem) {
  const { batch, side, latent, channels1, channels2 } = sizes
  const quarter = side / 4
  const parameters = {
    w0: parameter(generator.w0, [latent, quarter ** 2 * channels2]),
    gamma0: parameter(generator.gamma0, [channels2]),
    beta0: parameter(generator.beta0, [channels2]),
    u1: parameter(generator.u1, [4, 4, channels1, channels2]),
    gamma1: parameter(generator.gamma1, [channels1]),
    beta1: parameter(generator.beta1, [channels1]),
    u2: parameter(generator.u2, [4, 4, 1, channels1]),
    b2: parameter(generator.b2, [1]),
  }
  const { w0, gamma0, beta0, u1, gamma1, beta1, u2, b2 } = parameters
  const images = (noise: Tensor): Tensor => {
    const dense = noise.matmul(w0.value).reshape([batch, quarter, quarter, channels2])
    const hidden0 = norm(dense, gamma0, beta0, epsilon).relu()
    const half = convTranspose2d(hidden0, u1.value, twice)
    const hidden1 = norm(half, gamma1, beta1, epsilon).relu()
    return tanh(convTranspose2d(hidden1, u2.value, twice).add(b2.value))
  }
  return { parameters, images }
}

function discriminatorOf({ sizes, discriminator }: DcganProblem) {
  const { batch, side, channels1, channels2 } = sizes
  const parameters = {
    f1: parameter(discriminator.f1, [4, 4, 1, channels1]),
    b1: parameter(discriminator.b1, [channels1]),
    f2: parameter(discriminator.f2, [4, 4, channels1, channels2]),
    b2: parameter(discriminator.b2, [channels2]),
    w3: parameter(discriminator.w3, [(side / 4) ** 2 * channels2, 1]),
    b3: parameter(discriminator.b3, [1]),
  }
  const { f1, b1, f2, b2, w3, b3 } = parameters
  const layer = (x: Tensor, filters: Parameter, bias: Parameter) =>
    leakyRelu(conv2d(x, filters.value, twice).add(bias.value), { alpha: leakySlope })
  const logits = (images: Tensor): Tensor => {
    const features = layer(layer(images, f1, b1), f2, b2)
    return features.reshape([batch, -1]).matmul(w3.value).add(b3.value)
  }
  return { parameters, logits }
}

/** By the statistics of the batch; the running ones would only matter outside of training. */
function norm(x: Tensor, gamma: Parameter, beta: Parameter, epsilon: number): Tensor {
  const running = zeros(gamma.value.shape)
  const options = { training: true, epsilon }
  return batchNorm(x, gamma.value, beta.value, running, running, options).y
}

function parameter(values: Float32Array, shape: number[]): Parameter {
  return new Parameter(tensor(values, { shape }))
}
