import { clip, relu } from '@tensorweft/core'
import type { Objective } from './objective.ts'

/**
 * A margin: the discriminator minimises `max(0, 1 − logit(real)) + max(0, 1 + logit(fake))` and
 * does not care for samples beyond the margin, the generator minimises `−logit(fake)`.
 *
 * Lim, Ye, "Geometric GAN", 2017; Miyato et al., "Spectral normalization for generative adversarial
 * networks", 2018, equations 16 and 17.
 *
 * @example
 * ```ts
 * await hinge().fakeLoss(tensor([-2, 0])).item() // 0.5
 * ```
 */
export function hinge(): Objective {
  return {
    name: 'hinge',
    realLoss: (logits) => relu(logits.neg().add(1)).mean(),
    fakeLoss: (logits) => relu(logits.add(1)).mean(),
    generatorLoss: (logits) => logits.mean().neg(),
    score: (logits) => clip(logits.add(1).mul(0.5), 0, 1).mean(),
    perfectSeparation: 1,
  }
}
