import {
  batchNorm,
  compile,
  conv2d,
  convTranspose2d,
  gradients,
  key,
  leakyRelu,
  maxPool2d,
  type Optimizer,
  Parameter,
  randomNormal,
  randomUniform,
  softplus,
  sparseSoftmaxCrossEntropy,
  stopGradient,
  type Tensor,
  tanh,
  zeros,
} from '@tensorweft/core'

type Logits = (images: Tensor) => Tensor
type Parameters = Readonly<Record<string, Parameter>>

/** A network with its parameters. */
export interface Network {
  readonly parameters: Parameters
  readonly logits: Logits
  /** Of its input: [batch, …] */
  readonly inputShape: readonly number[]
}

/** 784 → 256 → 10. */
export function perceptron(batch: number): Network {
  const weights = {
    w1: normal(1, [784, 256]),
    b1: constant([256]),
    w2: normal(2, [256, 10]),
    b2: constant([10]),
  }
  const { w1, b1, w2, b2 } = weights
  const logits: Logits = (x) =>
    x.matmul(w1.value).add(b1.value).relu().matmul(w2.value).add(b2.value)
  return { parameters: weights, logits, inputShape: [batch, 784] }
}

/** Two convolutions of 3×3 with pooling, then a dense layer; for images of 28×28. */
export function convolutional(batch: number, filters: readonly [number, number]): Network {
  const [first, second] = filters
  const weights = {
    f1: normal(1, [3, 3, 1, first]),
    b1: constant([first]),
    f2: normal(2, [3, 3, first, second]),
    b2: constant([second]),
    w: normal(3, [49 * second, 10]),
    b: constant([10]),
  }
  const { f1, b1, f2, b2, w, b } = weights
  const layer = (x: Tensor, filter: Parameter, bias: Parameter) => {
    const y = conv2d(x, filter.value, { padding: 'same' }).add(bias.value).relu()
    return maxPool2d(y, { poolSize: 2 })
  }
  const logits: Logits = (x) => {
    const features = layer(layer(x, f1, b1), f2, b2)
    return features
      .reshape([x.shape[0] ?? 1, -1])
      .matmul(w.value)
      .add(b.value)
  }
  return { parameters: weights, logits, inputShape: [batch, 28, 28, 1] }
}

/** A step on given images and classes as one plan; returns the loss. */
export function stepOf(
  { parameters, logits }: Network,
  optimizer: Optimizer,
): (images: Tensor, classes: Tensor<'int32'>) => Tensor {
  return compile((images: Tensor, classes: Tensor<'int32'>) => {
    const loss = sparseSoftmaxCrossEntropy(logits(images), classes)
    optimizer.update(parameters, gradients(loss, parameters))
    return loss
  })
}

/** A batch of random images with random classes. */
export function batchOf({ inputShape }: Network): [Tensor, Tensor<'int32'>] {
  const classes = randomUniform(key(12), [inputShape[0] ?? 1]).mul(10)
  return [randomUniform(key(11), inputShape), classes.cast('int32')]
}

const twice = { strides: 2, padding: 'same' } as const

/**
 * The two halves of a step of a deep convolutional GAN (Radford, Metz and Chintala, 2016) on images
 * of 28×28, each one plan.
 */
export function dcgan(
  batch: number,
  [channels1, channels2]: readonly [number, number],
  optimizers: readonly [Optimizer, Optimizer],
): { trainD(images: Tensor, noise: Tensor): Tensor; trainG(noise: Tensor): Tensor } {
  const generator = generatorOf(batch, channels1, channels2)
  const discriminator = discriminatorOf(batch, channels1, channels2)
  const [updateD, updateG] = optimizers
  const trainD = compile((images: Tensor, noise: Tensor) => {
    const onReal = discriminator.logits(images)
    const onFake = discriminator.logits(stopGradient(generator.logits(noise)))
    const loss = softplus(onReal.neg()).mean().add(softplus(onFake).mean())
    updateD.update(discriminator.parameters, gradients(loss, discriminator.parameters))
    return loss
  })
  const trainG = compile((noise: Tensor) => {
    const loss = softplus(discriminator.logits(generator.logits(noise)).neg()).mean()
    updateG.update(generator.parameters, gradients(loss, generator.parameters))
    return loss
  })
  return { trainD, trainG }
}

function generatorOf(batch: number, channels1: number, channels2: number) {
  const parameters = {
    w0: normal(4, [100, 49 * channels2]),
    gamma0: constant([channels2], 1),
    beta0: constant([channels2]),
    u1: normal(5, [4, 4, channels1, channels2]),
    gamma1: constant([channels1], 1),
    beta1: constant([channels1]),
    u2: normal(6, [4, 4, 1, channels1]),
    b2: constant([1]),
  }
  const { w0, gamma0, beta0, u1, gamma1, beta1, u2, b2 } = parameters
  const logits: Logits = (noise) => {
    const dense = noise.matmul(w0.value).reshape([batch, 7, 7, channels2])
    const hidden0 = normalised(dense, gamma0, beta0).relu()
    const hidden1 = normalised(convTranspose2d(hidden0, u1.value, twice), gamma1, beta1).relu()
    return tanh(convTranspose2d(hidden1, u2.value, twice).add(b2.value))
  }
  return { parameters, logits }
}

function discriminatorOf(batch: number, channels1: number, channels2: number) {
  const parameters = {
    f1: normal(7, [4, 4, 1, channels1]),
    b1: constant([channels1]),
    f2: normal(8, [4, 4, channels1, channels2]),
    b2: constant([channels2]),
    w3: normal(9, [49 * channels2, 1]),
    b3: constant([1]),
  }
  const { f1, b1, f2, b2, w3, b3 } = parameters
  const layer = (x: Tensor, filter: Parameter, bias: Parameter) =>
    leakyRelu(conv2d(x, filter.value, twice).add(bias.value), { alpha: 0.2 })
  const logits: Logits = (images) => {
    const features = layer(layer(images, f1, b1), f2, b2).reshape([batch, -1])
    return features.matmul(w3.value).add(b3.value)
  }
  return { parameters, logits }
}

function normalised(x: Tensor, gamma: Parameter, beta: Parameter): Tensor {
  const running = zeros(gamma.value.shape)
  const options = { training: true, epsilon: 1e-3 }
  return batchNorm(x, gamma.value, beta.value, running, running, options).y
}

function normal(seed: number, shape: number[]): Parameter {
  return new Parameter(randomNormal(key(seed), shape).mul(0.05))
}

function constant(shape: number[], value = 0): Parameter {
  return new Parameter(zeros(shape).add(value))
}
