import { type DType, less, type OptionRule, type Tensor, where } from '@tensorweft/core'
import { decay, positive } from './check-option.ts'
import { average, seenWeight } from './moving-average.ts'
import {
  OptimizerBase,
  type OptimizerOptions,
  type RuleInput,
  type RuleOutput,
} from './optimizer-base.ts'

export interface RadamOptions extends OptimizerOptions {
  /** Decay of the average of gradients, by default 0.9. */
  readonly beta1?: number
  /** Decay of the average of squared gradients, above 0.6; by default 0.999. */
  readonly beta2?: number
  /** Added to the root, by default 1e-7. */
  readonly epsilon?: number
}

/** What `radam` keeps per parameter. */
export type RadamSlot = 'firstMoment' | 'secondMoment'

/** How many values a rectified average must count as before it is divided by. */
const least = 5

/** Below it an average counts as 4 values at most, and there is nothing to rectify. */
const rectifiable: OptionRule = ['a number in (0.6, 1)', (n) => n > 0.6 && n < 1]

/** Adam that waits until its second moment can be trusted; `radam` has the formula. */
export class Radam extends OptimizerBase<RadamSlot, RadamOptions, 'beta1' | 'beta2' | 'epsilon'> {
  protected override readonly slotNames = ['firstMoment', 'secondMoment'] as const

  constructor(options: RadamOptions = {}) {
    super('radam', options, {
      beta1: [decay, 0.9],
      beta2: [rectifiable, 0.999],
      epsilon: [positive, 1e-7],
    })
  }

  protected override rule(input: RuleInput<RadamSlot>): RuleOutput<RadamSlot> {
    const { value, gradient, learningRate, step, slots } = input
    const firstMoment = average(slots.firstMoment, gradient, this.options.beta1)
    const secondMoment = average(slots.secondMoment, gradient.square(), this.options.beta2)
    const rate = learningRate.div(seenWeight(this.options.beta1, step))
    const count = countedValues(this.options.beta2, step)
    const rootWeight = seenWeight(this.options.beta2, step).sqrt()
    const scaled = rootWeight
      .mul(rectification(this.options.beta2, count))
      .div(secondMoment.sqrt().add(this.options.epsilon))
    const scale = where(count.greater(least), scaled, 1)
    return {
      value: value.sub(firstMoment.mul(rate).mul(scale)),
      slots: { firstMoment, secondMoment },
    }
  }
}

/** What the number of counted values tends to: `2 / (1 − β₂) − 1`. */
const greatestCount = (beta2: number) => 2 / (1 - beta2) - 1

/**
 * As how many values the average counts after t steps: `q = R − 2 t β₂ᵗ / (1 − β₂ᵗ)`. With
 * `h = −t ln(β₂) / 2` this is `t + (R + 2 / ln β₂) + 2 / ln(β₂) · (h / tanh h − 1)`, whose terms do
 * not cancel; the last one is a series near 0.
 */
function countedValues(beta2: number, step: Tensor<DType>): Tensor<DType> {
  const logBeta = Math.log(beta2)
  const half = step.mul(-logBeta / 2)
  const squared = half.square()
  const series = squared
    .mul(-1 / 4725)
    .add(2 / 945)
    .mul(squared)
    .sub(1 / 45)
    .mul(squared)
    .add(1 / 3)
  const near = squared.mul(series)
  const excess = where(less(half, 0.5), near, half.div(half.tanh()).sub(1))
  return step.add(greatestCount(beta2) + 2 / logBeta).add(excess.mul(2 / logBeta))
}

/** `√((q − 4)(q − 2) R / ((R − 4)(R − 2) q))`, where it is used. */
function rectification(beta2: number, count: Tensor<DType>): Tensor<DType> {
  const greatest = greatestCount(beta2)
  const q = count.maximum(least)
  const factor = greatest / ((greatest - 4) * (greatest - 2))
  return q.sub(4).div(q).mul(q.sub(2)).mul(factor).sqrt()
}

/**
 * RAdam: m and v as in Adam, and `q = R − 2 t β₂ᵗ / (1 − β₂ᵗ)` with `R = 2 / (1 − β₂) − 1`, the
 * number of values that v counts as. Where q > 5, `p −= learningRate · m / (1 − β₁ᵗ) ·
 * √((q − 4)(q − 2) R / ((R − 4)(R − 2) q)) · √(1 − β₂ᵗ) / (√v + epsilon)`; before that
 * `p −= learningRate · m / (1 − β₁ᵗ)`.
 *
 * Liu et al., "On the variance of the adaptive learning rate and beyond", 2020, algorithm 2.
 *
 * @param options `learningRate` 0.001, `beta1` 0.9, `beta2` 0.999, `epsilon` 1e-7, no weight
 * decay or clipping.
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const weight = new Parameter(tensor([1, 2]))
 * const optimizer = radam({ learningRate: 0.5 })
 * optimizer.update([weight], [tensor([1, -1])])
 * await weight.value.array() // [0.5, 2.5]
 * ```
 */
export function radam(options: RadamOptions = {}): Radam {
  return new Radam(options)
}
