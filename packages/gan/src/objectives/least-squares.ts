import { clip } from '@tensorweft/core'
import { type LabelSmoothingOptions, type Objective, realTarget } from './objective.ts'

/**
 * Squares in place of cross entropies, so that samples far from the boundary are drawn to it even
 * where they are on its right side: the discriminator minimises `½ (logit(real) − 1)² + ½ logit(fake)²`,
 * the generator `½ (logit(fake) − 1)²`.
 *
 * Mao et al., "Least squares generative adversarial networks", 2017, equation 9.
 *
 * @param options `labelSmoothing` lowers the discriminator's target for real samples from 1.
 * @throws ArgumentError for a label smoothing outside [0, 1).
 * @example
 * ```ts
 * await leastSquares().realLoss(tensor([3, 1])).item() // 1
 * ```
 */
export function leastSquares(options: LabelSmoothingOptions = {}): Objective {
  const target = realTarget('leastSquares', options)
  return {
    name: 'leastSquares',
    realLoss: (logits) => logits.sub(target).square().mean().mul(0.5),
    fakeLoss: (logits) => logits.square().mean().mul(0.5),
    generatorLoss: (logits) => logits.sub(1).square().mean().mul(0.5),
    score: (logits) => clip(logits, 0, 1).mean(),
    perfectSeparation: target,
  }
}
