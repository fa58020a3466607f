import { decay, positive } from './check-option.ts'
import { average, seenWeight } from './moving-average.ts'
import {
  OptimizerBase,
  type OptimizerOptions,
  type RuleInput,
  type RuleOutput,
} from './optimizer-base.ts'

export interface AdamaxOptions extends OptimizerOptions {
  /** Decay of the average of gradients, by default 0.9. */
  readonly beta1?: number
  /** Decay of the greatest gradient, by default 0.999. */
  readonly beta2?: number
  /** Added to the size of each gradient, by default 1e-7. */
  readonly epsilon?: number
}

/** What `adamax` keeps per parameter. */
export type AdamaxSlot = 'firstMoment' | 'greatest'

/** Adam with the greatest gradient in place of the root; `adamax` has the formula. */
export class Adamax extends OptimizerBase<
  AdamaxSlot,
  AdamaxOptions,
  'beta1' | 'beta2' | 'epsilon'
> {
  protected override readonly slotNames = ['firstMoment', 'greatest'] as const

  constructor(options: AdamaxOptions = {}) {
    super('adamax', options, {
      beta1: [decay, 0.9],
      beta2: [decay, 0.999],
      epsilon: [positive, 1e-7],
    })
  }

  protected override rule(input: RuleInput<AdamaxSlot>): RuleOutput<AdamaxSlot> {
    const { value, gradient, learningRate, step, slots } = input
    const firstMoment = average(slots.firstMoment, gradient, this.options.beta1)
    const greatest = slots.greatest
      .mul(this.options.beta2)
      .maximum(gradient.abs().add(this.options.epsilon))
    const rate = learningRate.div(seenWeight(this.options.beta1, step))
    return {
      value: value.sub(firstMoment.mul(rate).div(greatest)),
      slots: { firstMoment, greatest },
    }
  }
}

/**
 * AdaMax: `m = β₁ m + (1 − β₁) g`, `u = max(β₂ u, |g| + epsilon)`,
 * `p −= learningRate / (1 − β₁ᵗ) · m / u` with the step t from 1.
 *
 * Kingma, Ba, "Adam: a method for stochastic optimization", 2015, algorithm 2.
 *
 * @param options `learningRate` 0.001, `beta1` 0.9, `beta2` 0.999, `epsilon` 1e-7, no weight
 * decay or clipping.
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const weight = new Parameter(tensor([1, 2]))
 * const optimizer = adamax({ learningRate: 0.5 })
 * optimizer.update([weight], [tensor([3, -4])])
 * await weight.value.array() // [0.5, 2.5]
 * ```
 */
export function adamax(options: AdamaxOptions = {}): Adamax {
  return new Adamax(options)
}
