import { decay, positive } from './check-option.ts'
import { average, seenWeight } from './moving-average.ts'
import {
  OptimizerBase,
  type OptimizerOptions,
  type RuleInput,
  type RuleOutput,
} from './optimizer-base.ts'

export interface AdamOptions extends OptimizerOptions {
  /** Decay of the average of gradients, by default 0.9. */
  readonly beta1?: number
  /** Decay of the average of squared gradients, by default 0.999. */
  readonly beta2?: number
  /** Added to the root, by default 1e-7. */
  readonly epsilon?: number
  /** Whether to divide by the greatest average of squares so far (Reddi, Kale, Kumar, 2018). */
  readonly amsgrad?: boolean
}

/** What `adam` keeps per parameter. */
export type AdamSlot = 'firstMoment' | 'secondMoment' | 'maxSecondMoment'

/** Steps scaled by running averages of the gradient and its square; `adam` has the formula. */
export class Adam extends OptimizerBase<AdamSlot, AdamOptions, 'beta1' | 'beta2' | 'epsilon'> {
  protected override readonly slotNames: readonly AdamSlot[]

  /** @param name Of the rule, for error messages. */
  constructor(options: AdamOptions = {}, name = 'adam') {
    super(name, options, {
      beta1: [decay, 0.9],
      beta2: [decay, 0.999],
      epsilon: [positive, 1e-7],
    })
    this.slotNames = [
      'firstMoment',
      'secondMoment',
      ...(this.options.amsgrad ? ['maxSecondMoment' as const] : []),
    ]
  }

  protected override rule(input: RuleInput<AdamSlot>): RuleOutput<AdamSlot> {
    const { value, gradient, learningRate, step, slots } = input
    const firstMoment = average(slots.firstMoment, gradient, this.options.beta1)
    const secondMoment = average(slots.secondMoment, gradient.square(), this.options.beta2)
    const maxSecondMoment = this.options.amsgrad
      ? secondMoment.maximum(slots.maxSecondMoment)
      : secondMoment
    // What depends on the step alone is gathered in scalars, out of the loop over elements.
    const rate = learningRate.div(seenWeight(this.options.beta1, step))
    const rootWeight = seenWeight(this.options.beta2, step).sqrt()
    const scale = maxSecondMoment.sqrt().div(rootWeight).add(this.options.epsilon)
    return {
      value: value.sub(firstMoment.mul(rate).div(scale)),
      slots: { firstMoment, secondMoment, maxSecondMoment },
    }
  }
}

/**
 * Adam: `m = β₁ m + (1 − β₁) g`, `v = β₂ v + (1 − β₂) g²`,
 * `p −= learningRate · m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + epsilon)` with the step t from 1.
 *
 * Kingma, Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1.
 *
 * @param options `learningRate` 0.001, `beta1` 0.9, `beta2` 0.999, `epsilon` 1e-7, `amsgrad`
 * false, no weight decay or clipping.
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const weight = new Parameter(tensor([1, 2]))
 * const optimizer = adam({ learningRate: 0.5 })
 * const loss = weight.value.square().sum()
 * optimizer.update([weight], gradients(loss, [weight]))
 * await weight.value.array() // [0.5, 1.5]
 * ```
 */
export function adam(options: AdamOptions = {}): Adam {
  return new Adam(options)
}
