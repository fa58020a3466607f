import { type DType, full, type Tensor, type TensorSpec } from '@tensorweft/core'
import { notNegative, positive } from './check-option.ts'
import {
  OptimizerBase,
  type OptimizerOptions,
  type RuleInput,
  type RuleOutput,
} from './optimizer-base.ts'

export interface AdagradOptions extends OptimizerOptions {
  /** What the sum of squares starts from, by default 0.1. */
  readonly initialAccumulatorValue?: number
  /** Added to the root, by default 1e-7. */
  readonly epsilon?: number
}

/** Steps divided by the root of all squared gradients so far; `adagrad` has the formula. */
export class Adagrad extends OptimizerBase<
  'squareSum',
  AdagradOptions,
  'initialAccumulatorValue' | 'epsilon'
> {
  protected override readonly slotNames = ['squareSum'] as const

  constructor(options: AdagradOptions = {}) {
    super('adagrad', options, {
      initialAccumulatorValue: [notNegative, 0.1],
      epsilon: [positive, 1e-7],
    })
  }

  protected override initialSlot(_: 'squareSum', { shape, dtype }: TensorSpec): Tensor<DType> {
    return full(shape, this.options.initialAccumulatorValue, dtype)
  }

  protected override rule(input: RuleInput<'squareSum'>): RuleOutput<'squareSum'> {
    const { value, gradient, learningRate, slots } = input
    const squareSum = slots.squareSum.add(gradient.square())
    const direction = gradient.div(squareSum.sqrt().add(this.options.epsilon))
    return { value: value.sub(direction.mul(learningRate)), slots: { squareSum } }
  }
}

/**
 * Adagrad: `s += g²`, `p −= learningRate · g / (√s + epsilon)`, with s from
 * `initialAccumulatorValue`. Elements that rarely have a gradient keep long steps.
 *
 * Duchi, Hazan, Singer, "Adaptive subgradient methods for online learning and stochastic
 * optimization", 2011.
 *
 * @param options `learningRate` 0.001, `initialAccumulatorValue` 0.1, `epsilon` 1e-7, no weight
 * decay or clipping.
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const weight = new Parameter(tensor([1, 2]))
 * const optimizer = adagrad({ learningRate: 0.5, initialAccumulatorValue: 0 })
 * optimizer.update([weight], [tensor([3, -4])])
 * await weight.value.array() // [0.5, 2.5]
 * ```
 */
export function adagrad(options: AdagradOptions = {}): Adagrad {
  return new Adagrad(options)
}
