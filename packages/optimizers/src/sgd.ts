import { checkOption, type DType, type Tensor } from '@tensorweft/core'
import { decay, rate } from './check-option.ts'
import {
  OptimizerBase,
  type OptimizerOptions,
  type RuleInput,
  type RuleOutput,
} from './optimizer-base.ts'

export interface SgdOptions extends OptimizerOptions {
  /** Share of the last step that is kept; 0, the default, is plain gradient descent. */
  readonly momentum?: number
  /** Whether the gradient is taken as if after the next step of the momentum. */
  readonly nesterov?: boolean
}

/** Gradient descent, with momentum where asked for; `sgd` makes one and has the formula. */
export class Sgd extends OptimizerBase<'momentum', SgdOptions, 'momentum'> {
  protected override readonly slotNames: readonly 'momentum'[]

  constructor(options: SgdOptions = {}) {
    super('sgd', options, {
      learningRate: [rate, 0.01],
      momentum: [decay, 0],
    })
    const { momentum, nesterov } = this.options
    checkOption('sgd', 'momentum', momentum, [
      'a number above 0, for nesterov',
      () => momentum > 0 || !nesterov,
    ])
    this.slotNames = momentum === 0 ? [] : ['momentum']
  }

  protected override rule(input: RuleInput<'momentum'>): RuleOutput<'momentum'> {
    const { value, gradient, learningRate, slots } = input
    const move = (direction: Tensor<DType>) => value.sub(direction.mul(learningRate))
    if (this.options.momentum === 0) return { value: move(gradient), slots }
    const velocity = slots.momentum.mul(this.options.momentum).add(gradient)
    const ahead = this.options.nesterov
      ? velocity.mul(this.options.momentum).add(gradient)
      : velocity
    return { value: move(ahead), slots: { momentum: velocity } }
  }
}

/**
 * Stochastic gradient descent: `p −= learningRate · g`. With momentum `v = momentum · v + g` and
 * `p −= learningRate · v`; with Nesterov's `p −= learningRate · (g + momentum · v)`.
 *
 * Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013.
 *
 * @param options `learningRate` 0.01, `momentum` 0, `nesterov` false, no weight decay or clipping.
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const weight = new Parameter(tensor([1, 2]))
 * const optimizer = sgd({ learningRate: 0.5 })
 * const loss = weight.value.square().sum()
 * optimizer.update([weight], gradients(loss, [weight]))
 * await weight.value.array() // [0, 0]
 * ```
 */
export function sgd(options: SgdOptions = {}): Sgd {
  return new Sgd(options)
}
