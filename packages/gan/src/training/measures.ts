/** What is measured in a step. The discriminator's part is that of its last update in the step. */
export interface Measures {
  /** Of the discriminator, with the gradient penalty if there is one. */
  readonly discriminatorLoss: number
  readonly generatorLoss: number
  /** Euclidean norm of all gradients together, before the optimiser clips them. */
  readonly discriminatorGradientNorm: number
  readonly generatorGradientNorm: number
  /**
   * How real the real samples of the batch look to the discriminator: the mean of its probabilities
   * or, with `wasserstein`, of its outputs.
   */
  readonly realScore: number
  /** The same of generated samples. */
  readonly fakeScore: number
  /** Variance of the real samples in the batch, as the mean over their elements. */
  readonly realVariance: number
  /** The same of generated samples. */
  readonly fakeVariance: number
  /** The mean norm of the critic's slopes, where the objective has a gradient penalty. */
  readonly penaltyNorm?: number
}

/** What the phases of a step reported, by name. */
export function measuresOf(discriminator: Iterable<number>, generator: Iterable<number>): Measures {
  const [discriminatorLoss = NaN, discriminatorGradientNorm = NaN, ...others] = discriminator
  const [realScore = NaN, fakeScore = NaN, realVariance = NaN, fakeVariance = NaN] = others
  const [generatorLoss = NaN, generatorGradientNorm = NaN] = generator
  const penaltyNorm = others[4]
  return {
    discriminatorLoss,
    generatorLoss,
    discriminatorGradientNorm,
    generatorGradientNorm,
    realScore,
    fakeScore,
    realVariance,
    fakeVariance,
    ...(penaltyNorm !== undefined && { penaltyNorm }),
  }
}
