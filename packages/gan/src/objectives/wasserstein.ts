import { settleOptions } from '@tensorweft/core'
import { optionRules } from '@tensorweft/layers'
import type { Objective } from './objective.ts'

export interface WassersteinOptions {
  /** Factor of the gradient penalty, by default 10; 0 leaves it out. */
  readonly gradientPenalty?: number
}

/**
 * The Wasserstein distance between real and generated samples: the discriminator, here called critic,
 * minimises `logit(fake) − logit(real)` plus a gradient penalty that keeps its slope near 1, the
 * generator minimises `−logit(fake)`. The critic's loss then falls as the samples get better; it wants
 * several steps for each of the generator (`discriminatorSteps: 5`) and no batch normalisation, which
 * would make its slope at one sample depend on the others.
 *
 * Arjovsky, Chintala, Bottou, "Wasserstein generative adversarial networks", 2017; Gulrajani et al.,
 * "Improved training of Wasserstein GANs", 2017, equation 3.
 *
 * @throws ArgumentError for a factor that is no finite number from 0.
 * @example
 * ```ts
 * const objective = wasserstein({ gradientPenalty: 1 })
 * await objective.realLoss(tensor([2, 4])).item() // -3
 * ```
 */
export function wasserstein(options: WassersteinOptions = {}): Objective {
  const { gradientPenalty } = settleOptions<WassersteinOptions, 'gradientPenalty'>(
    'wasserstein',
    options,
    { gradientPenalty: [optionRules.notNegative, 10] },
  )
  return {
    name: 'wasserstein',
    realLoss: (logits) => logits.mean().neg(),
    fakeLoss: (logits) => logits.mean(),
    generatorLoss: (logits) => logits.mean().neg(),
    score: (logits) => logits.mean(),
    ...(gradientPenalty > 0 && { gradientPenalty }),
  }
}
