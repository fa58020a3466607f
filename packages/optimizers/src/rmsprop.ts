import type { DType, Tensor } from '@tensorweft/core'
import { decay, positive } from './check-option.ts'
import { average } from './moving-average.ts'
import {
  OptimizerBase,
  type OptimizerOptions,
  type RuleInput,
  type RuleOutput,
} from './optimizer-base.ts'

export interface RmspropOptions extends OptimizerOptions {
  /** Decay of the averages, by default 0.9. */
  readonly rho?: number
  /** Share of the last step that is kept, by default 0. */
  readonly momentum?: number
  /** Added to the root, by default 1e-7. */
  readonly epsilon?: number
  /** Whether to divide by the standard deviation of the gradient rather than its size. */
  readonly centered?: boolean
}

/** What `rmsprop` keeps per parameter. */
export type RmspropSlot = 'squares' | 'mean' | 'variance' | 'momentum'

/** What a step is divided by, squared, and the averages behind it. */
interface Spread {
  readonly squared: Tensor<DType>
  readonly slots: Partial<Record<RmspropSlot, Tensor<DType>>>
}

/** Steps divided by a running size of the gradient; `rmsprop` has the formula. */
export class Rmsprop extends OptimizerBase<
  RmspropSlot,
  RmspropOptions,
  'rho' | 'momentum' | 'epsilon'
> {
  protected override readonly slotNames: readonly RmspropSlot[]

  constructor(options: RmspropOptions = {}) {
    super('rmsprop', options, {
      rho: [decay, 0.9],
      momentum: [decay, 0],
      epsilon: [positive, 1e-7],
    })
    const averages: RmspropSlot[] = this.options.centered ? ['mean', 'variance'] : ['squares']
    this.slotNames = this.options.momentum === 0 ? averages : [...averages, 'momentum']
  }

  protected override rule(input: RuleInput<RmspropSlot>): RuleOutput<RmspropSlot> {
    const { value, gradient, learningRate, slots } = input
    const spread = this.options.centered ? this.#variance(input) : this.#squares(input)
    const direction = gradient.div(spread.squared.sqrt().add(this.options.epsilon))
    const velocity =
      this.options.momentum === 0
        ? direction
        : slots.momentum.mul(this.options.momentum).add(direction)
    return {
      value: value.sub(velocity.mul(learningRate)),
      slots: { ...slots, ...spread.slots, momentum: velocity },
    }
  }

  #squares({ gradient, slots }: RuleInput<RmspropSlot>): Spread {
    const squares = average(slots.squares, gradient.square(), this.options.rho)
    return { squared: squares, slots: { squares } }
  }

  /**
   * The average of squares less the square of the average, carried as one sum that cannot cancel:
   * `variance = ρ (variance + (1 − ρ) (g − mean)²)`.
   */
  #variance({ gradient, slots }: RuleInput<RmspropSlot>): Spread {
    const fromMean = gradient.sub(slots.mean)
    const variance = fromMean
      .square()
      .mul(1 - this.options.rho)
      .add(slots.variance)
      .mul(this.options.rho)
    return {
      squared: variance,
      slots: { variance, mean: slots.mean.add(fromMean.mul(1 - this.options.rho)) },
    }
  }
}

/**
 * RMSprop: `s = ρ s + (1 − ρ) g²`, `d = g / (√s + epsilon)`, `v = momentum · v + d`,
 * `p −= learningRate · v`. With `centered`, `a = ρ a + (1 − ρ) g` is taken off:
 * `d = g / (√(s − a²) + epsilon)`.
 *
 * Tieleman, Hinton, "Lecture 6.5: RMSProp", 2012; centred in Graves, "Generating sequences with
 * recurrent neural networks", 2013, equations 38 to 45.
 *
 * @param options `learningRate` 0.001, `rho` 0.9, `momentum` 0, `epsilon` 1e-7, `centered` false,
 * no weight decay or clipping.
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const weight = new Parameter(tensor([1, 2]))
 * const optimizer = rmsprop({ learningRate: 0.5, rho: 0.75 })
 * optimizer.update([weight], [tensor([3, -4])])
 * await weight.value.array() // [0, 3]
 * ```
 */
export function rmsprop(options: RmspropOptions = {}): Rmsprop {
  return new Rmsprop(options)
}
