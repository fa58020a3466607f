import type { UpdateRule } from './update-rule.ts'

/**
 * A deep convolutional GAN (Radford, Metz and Chintala, 2016) for images of one channel. Filters are
 * 4×4 with stride 2 and padding 1, so that each layer halves or doubles the sides of its images.
 */
export interface DcganSizes {
  readonly batch: number
  /** Height and width of the images; divisible by 4. */
  readonly side: number
  /** Numbers that an image is made from. */
  readonly latent: number
  /** Channels at half the side, in both networks. */
  readonly channels1: number
  /** Channels at a quarter of it. */
  readonly channels2: number
}

/**
 * Dense → batch norm → ReLU → transposed convolution → batch norm → ReLU → transposed convolution →
 * tanh; row major. Batch norms use the mean and the variance of the batch.
 */
export interface GeneratorWeights {
  /** [latent, side / 4 · side / 4 · channels2] */
  readonly w0: Float32Array
  /** [channels2] */
  readonly gamma0: Float32Array
  readonly beta0: Float32Array
  /** [4, 4, channels1, channels2] */
  readonly u1: Float32Array
  /** [channels1] */
  readonly gamma1: Float32Array
  readonly beta1: Float32Array
  /** [4, 4, 1, channels1] */
  readonly u2: Float32Array
  /** [1] */
  readonly b2: Float32Array
}

/** Convolution → leaky ReLU → convolution → leaky ReLU → dense: one logit per image. */
export interface DiscriminatorWeights {
  /** [4, 4, 1, channels1] */
  readonly f1: Float32Array
  /** [channels1] */
  readonly b1: Float32Array
  /** [4, 4, channels1, channels2] */
  readonly f2: Float32Array
  /** [channels2] */
  readonly b2: Float32Array
  /** [side / 4 · side / 4 · channels2, 1] */
  readonly w3: Float32Array
  /** [1] */
  readonly b3: Float32Array
}

/**
 * Training steps, each an update of the discriminator, by the mean of softplus(−D(images)) and of
 * softplus(D(G(noise))), and then one of the generator, by the mean of softplus(−D(G(noise))); both
 * losses are read.
 */
export interface DcganProblem {
  readonly sizes: DcganSizes
  /** [batch, side, side, 1] */
  readonly images: Float32Array
  /** For the discriminator's half of a step. [batch, latent] */
  readonly noiseD: Float32Array
  /** For the generator's half. [batch, latent] */
  readonly noiseG: Float32Array
  readonly generator: GeneratorWeights
  readonly discriminator: DiscriminatorWeights
  readonly update: UpdateRule
  /** Of the batch norms. */
  readonly epsilon: number
}

/** Slope of the leaky ReLU below 0. */
export const leakySlope = 0.2
