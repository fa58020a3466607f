import { settleOptions, type Tensor } from '@tensorweft/core'
import { optionRules } from '@tensorweft/layers'

/**
 * What discriminator and generator minimise. All losses are functions of the discriminator's logits,
 * [batch, …], and are means over them.
 *
 * @example
 * ```ts
 * // The discriminator tells samples apart by the sign of its logits, the generator by their size.
 * const absolute: Objective = {
 *   name: 'absolute',
 *   realLoss: (logits) => logits.sub(1).abs().mean(),
 *   fakeLoss: (logits) => logits.add(1).abs().mean(),
 *   generatorLoss: (logits) => logits.sub(1).abs().mean(),
 *   score: (logits) => logits.mean(),
 * }
 * ```
 */
export interface Objective {
  /** In messages. */
  readonly name: string
  /** The discriminator's loss for real samples, scalar. */
  readonly realLoss: (logits: Tensor) => Tensor
  /** The discriminator's loss for generated samples, scalar. */
  readonly fakeLoss: (logits: Tensor) => Tensor
  /** The generator's loss, scalar. */
  readonly generatorLoss: (logits: Tensor) => Tensor
  /** How real samples look to the discriminator, scalar: where that makes sense from 0 to 1. */
  readonly score: (logits: Tensor) => Tensor
  /**
   * What `score` gives for real samples less what it gives for generated ones where the discriminator
   * tells them apart beyond doubt. Without it, saturation is not looked for.
   */
  readonly perfectSeparation?: number
  /** Factor of the gradient penalty in the discriminator's loss; without it there is none. */
  readonly gradientPenalty?: number
}

/** Of objectives with targets. */
export interface LabelSmoothingOptions {
  /**
   * By how much the target of real samples is below 1; by default 0. That of generated samples stays
   * 0: smoothed, it would hold them where they are (Salimans et al., "Improved techniques for training
   * GANs", 2016, section 3.4).
   */
  readonly labelSmoothing?: number
}

/** The target of real samples: 1 − labelSmoothing. */
export function realTarget(op: string, options: LabelSmoothingOptions): number {
  const { labelSmoothing } = settleOptions<LabelSmoothingOptions, 'labelSmoothing'>(op, options, {
    labelSmoothing: [optionRules.shareBelow1, 0],
  })
  return 1 - labelSmoothing
}
