import { add, type DType, div, type Tensor } from '@tensorweft/core'
import { checkDecay, checkPositive } from './check-option.ts'
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
  /** Added to the root, by default 1e-8. */
  readonly epsilon?: number
  /** Whether to divide by the greatest average of squares so far (Reddi, Kale, Kumar, 2018). */
  readonly amsgrad?: boolean
}

type AdamSlot = 'firstMoment' | 'secondMoment' | 'maxSecondMoment'

/** Steps scaled by running averages of the gradient and its square; `adam` has the formula. */
export class Adam extends OptimizerBase<AdamSlot> {
  readonly #beta1: number
  readonly #beta2: number
  readonly #epsilon: number
  readonly #amsgrad: boolean
  protected override readonly slotNames: readonly AdamSlot[]

  constructor({
    learningRate = 0.001,
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
    amsgrad = false,
    ...rest
  }: AdamOptions = {}) {
    super('adam', { learningRate, ...rest })
    checkDecay('adam', 'beta1', beta1)
    checkDecay('adam', 'beta2', beta2)
    checkPositive('adam', 'epsilon', epsilon)
    this.#beta1 = beta1
    this.#beta2 = beta2
    this.#epsilon = epsilon
    this.#amsgrad = amsgrad
    this.slotNames = [
      'firstMoment',
      'secondMoment',
      ...(amsgrad ? ['maxSecondMoment' as const] : []),
    ]
  }

  protected override rule(input: RuleInput<AdamSlot>): RuleOutput<AdamSlot> {
    const { value, gradient, learningRate, step, slots } = input
    const firstMoment = average(slots.firstMoment, gradient, this.#beta1)
    const secondMoment = average(slots.secondMoment, gradient.square(), this.#beta2)
    const maxSecondMoment = this.#amsgrad
      ? secondMoment.maximum(slots.maxSecondMoment)
      : secondMoment
    // What depends on the step alone is gathered in scalars, out of the loop over elements.
    const rate = learningRate.div(weightOf(this.#beta1, step))
    const rootWeight = weightOf(this.#beta2, step).sqrt()
    const scale = maxSecondMoment.sqrt().div(rootWeight).add(this.#epsilon)
    return {
      value: value.sub(firstMoment.mul(rate).div(scale)),
      slots: { firstMoment, secondMoment, maxSecondMoment },
    }
  }
}

/** The moving average after one more value. */
function average(before: Tensor<DType>, value: Tensor<DType>, decay: number): Tensor<DType> {
  return before.add(value.sub(before).mul(1 - decay))
}

/**
 * `1 − decay^step`: the weight that a moving average which began at zero gives to what it has seen.
 * From tanh, because 1 − exp(x) would lose all digits for a decay near 1.
 */
function weightOf(decay: number, step: Tensor<DType>): Tensor<DType> {
  const half = step.mul(-Math.log(decay) / 2).tanh()
  return div(half.mul(2), add(half, 1))
}

/**
 * Adam: `m = β₁ m + (1 − β₁) g`, `v = β₂ v + (1 − β₂) g²`,
 * `p −= learningRate · m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + epsilon)` with the step t from 1.
 *
 * Kingma, Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1.
 *
 * @param options `learningRate` 0.001, `beta1` 0.9, `beta2` 0.999, `epsilon` 1e-8, `amsgrad`
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
