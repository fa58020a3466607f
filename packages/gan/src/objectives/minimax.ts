import { sigmoid, softplus } from '@tensorweft/core'
import { type LabelSmoothingOptions, type Objective, realTarget } from './objective.ts'

/**
 * The first objective of generative adversarial networks. With p = sigmoid(logit), the discriminator
 * minimises the cross entropy `−log p(real) − log(1 − p(fake))` and the generator
 * `log(1 − p(fake))`, the exact opposite of its part in that. Its gradient vanishes where the
 * discriminator is sure: `nonSaturating` is the one to use.
 *
 * Goodfellow et al., "Generative adversarial nets", 2014, equation 1.
 *
 * @param options `labelSmoothing` lowers the target of real samples from 1.
 * @throws ArgumentError for a label smoothing outside [0, 1).
 * @example
 * ```ts
 * await minimax().generatorLoss(tensor([0])).item() // -0.6931
 * ```
 */
export function minimax(options: LabelSmoothingOptions = {}): Objective {
  return crossEntropyGame('minimax', options)
}

/** The discriminator's half, which `nonSaturating` shares. */
export function crossEntropyGame(name: string, options: LabelSmoothingOptions): Objective {
  const target = realTarget(name, options)
  return {
    name,
    // −log p = softplus(−logit) and −log(1 − p) = softplus(logit), neither of which overflows.
    realLoss: (logits) => {
      const loss = softplus(logits.neg())
      return (target === 1 ? loss : loss.mul(target).add(softplus(logits).mul(1 - target))).mean()
    },
    fakeLoss: (logits) => softplus(logits).mean(),
    generatorLoss: (logits) => softplus(logits).mean().neg(),
    score: (logits) => sigmoid(logits).mean(),
    perfectSeparation: target,
  }
}
