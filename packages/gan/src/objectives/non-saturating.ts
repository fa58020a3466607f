import { softplus } from '@tensorweft/core'
import { crossEntropyGame } from './minimax.ts'
import type { LabelSmoothingOptions, Objective } from './objective.ts'

/**
 * The usual objective. The discriminator minimises the cross entropy
 * `−log p(real) − log(1 − p(fake))` with p = sigmoid(logit), as in `minimax`, the generator
 * `−log p(fake)`, whose gradient is large where the discriminator sees through its samples.
 *
 * Goodfellow et al., "Generative adversarial nets", 2014, section 3.
 *
 * @param options `labelSmoothing` lowers the target of real samples from 1.
 * @throws ArgumentError for a label smoothing outside [0, 1).
 * @example
 * ```ts
 * const objective = nonSaturating({ labelSmoothing: 0.1 })
 * await objective.generatorLoss(tensor([0])).item() // 0.6931
 * ```
 */
export function nonSaturating(options: LabelSmoothingOptions = {}): Objective {
  return {
    ...crossEntropyGame('nonSaturating', options),
    generatorLoss: (logits) => softplus(logits.neg()).mean(),
  }
}
