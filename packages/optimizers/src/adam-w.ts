import { settleOptions } from '@tensorweft/core'
import { Adam, type AdamOptions, type AdamSlot } from './adam.ts'
import { notNegative } from './check-option.ts'
import type { RuleInput, RuleOutput } from './optimizer-base.ts'

export interface AdamWOptions extends AdamOptions {
  /** Share of the value that each step takes off, times the learning rate; by default 0.004. */
  readonly weightDecay?: number
}

/** Adam with a weight decay beside the gradient; `adamW` has the formula. */
export class AdamW extends Adam {
  readonly #weightDecay: number

  constructor(options: AdamWOptions = {}) {
    const settled = settleOptions('adamW', options, {
      weightDecay: [notNegative, 0.004],
    })
    super({ ...settled, weightDecay: 0 }, 'adamW')
    this.#weightDecay = settled.weightDecay
  }

  protected override rule(input: RuleInput<AdamSlot>): RuleOutput<AdamSlot> {
    const decay = input.value.mul(input.learningRate).mul(this.#weightDecay)
    return super.rule({ ...input, value: input.value.sub(decay) })
  }
}

/**
 * AdamW: `p *= 1 − learningRate · weightDecay`, then a step of Adam by the gradient alone. The
 * decay is not an L2 penalty as elsewhere: it does not pass through the moments, so that all
 * weights shrink at one rate.
 *
 * Loshchilov, Hutter, "Decoupled weight decay regularization", 2019, algorithm 2.
 *
 * @param options As for `adam`, and `weightDecay` 0.004.
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const weight = new Parameter(tensor([1, 2]))
 * const optimizer = adamW({ learningRate: 0.5, weightDecay: 0.1 })
 * optimizer.update([weight], [tensor([3, 3])])
 * await weight.value.array() // [0.45, 1.4]
 * ```
 */
export function adamW(options: AdamWOptions = {}): AdamW {
  return new AdamW(options)
}
