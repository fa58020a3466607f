import { settleOptions, sign } from '@tensorweft/core'
import { decay, notNegative } from './check-option.ts'
import { average } from './moving-average.ts'
import {
  OptimizerBase,
  type OptimizerOptions,
  type RuleInput,
  type RuleOutput,
} from './optimizer-base.ts'

export interface LionOptions extends OptimizerOptions {
  /** Share of the average in the direction of a step, by default 0.9. */
  readonly beta1?: number
  /** Decay of the average of gradients, by default 0.99. */
  readonly beta2?: number
  /** Share of the value that each step takes off, times the learning rate; by default 0. */
  readonly weightDecay?: number
}

/** Steps of one length, by the sign of an average alone; `lion` has the formula. */
export class Lion extends OptimizerBase<'firstMoment', LionOptions, 'beta1' | 'beta2'> {
  readonly #weightDecay: number
  protected override readonly slotNames = ['firstMoment'] as const

  constructor(options: LionOptions = {}) {
    const settled = settleOptions('lion', options, { weightDecay: [notNegative, 0] })
    super('lion', { ...settled, weightDecay: 0 }, { beta1: [decay, 0.9], beta2: [decay, 0.99] })
    this.#weightDecay = settled.weightDecay
  }

  protected override rule(input: RuleInput<'firstMoment'>): RuleOutput<'firstMoment'> {
    const { value, gradient, learningRate, slots } = input
    const mixed = average(slots.firstMoment, gradient, this.options.beta1)
    const side = sign(mixed)
    const direction = this.#weightDecay === 0 ? side : side.add(value.mul(this.#weightDecay))
    return {
      value: value.sub(direction.mul(learningRate)),
      slots: { firstMoment: average(slots.firstMoment, gradient, this.options.beta2) },
    }
  }
}

/**
 * Lion: `c = β₁ m + (1 − β₁) g`, `p −= learningRate · (sign(c) + weightDecay · p)`,
 * `m = β₂ m + (1 − β₂) g`. The decay is not an L2 penalty as elsewhere: it stands beside the sign.
 * Steps are longer than Adam's, so learning rates are 3 to 10 times smaller.
 *
 * Chen et al., "Symbolic discovery of optimization algorithms", 2023, algorithm 2.
 *
 * @param options `learningRate` 0.001, `beta1` 0.9, `beta2` 0.99, `weightDecay` 0, no clipping.
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const weight = new Parameter(tensor([1, 2]))
 * const optimizer = lion({ learningRate: 0.5 })
 * optimizer.update([weight], [tensor([3, -4])])
 * await weight.value.array() // [0.5, 2.5]
 * ```
 */
export function lion(options: LionOptions = {}): Lion {
  return new Lion(options)
}
