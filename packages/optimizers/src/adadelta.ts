import { decay, positive } from './check-option.ts'
import { average } from './moving-average.ts'
import {
  OptimizerBase,
  type OptimizerOptions,
  type RuleInput,
  type RuleOutput,
} from './optimizer-base.ts'

export interface AdadeltaOptions extends OptimizerOptions {
  /** Decay of both averages, by default 0.95. */
  readonly rho?: number
  /** Added under both roots, by default 1e-7. */
  readonly epsilon?: number
}

/** What `adadelta` keeps per parameter. */
export type AdadeltaSlot = 'squares' | 'squaredSteps'

/** Steps in the units of the parameter, from running averages; `adadelta` has the formula. */
export class Adadelta extends OptimizerBase<AdadeltaSlot, AdadeltaOptions, 'rho' | 'epsilon'> {
  protected override readonly slotNames = ['squares', 'squaredSteps'] as const

  constructor(options: AdadeltaOptions = {}) {
    super('adadelta', options, {
      rho: [decay, 0.95],
      epsilon: [positive, 1e-7],
    })
  }

  protected override rule(input: RuleInput<AdadeltaSlot>): RuleOutput<AdadeltaSlot> {
    const { value, gradient, learningRate, slots } = input
    const squares = average(slots.squares, gradient.square(), this.options.rho)
    const stepRoot = slots.squaredSteps.add(this.options.epsilon).sqrt()
    const direction = gradient.mul(stepRoot).div(squares.add(this.options.epsilon).sqrt())
    const squaredSteps = average(slots.squaredSteps, direction.square(), this.options.rho)
    return {
      value: value.sub(direction.mul(learningRate)),
      slots: { squares, squaredSteps },
    }
  }
}

/**
 * Adadelta: `s = ρ s + (1 − ρ) g²`, `d = g · √(u + epsilon) / √(s + epsilon)`,
 * `u = ρ u + (1 − ρ) d²`, `p −= learningRate · d`. The paper's own learning rate is 1.
 *
 * Zeiler, "ADADELTA: an adaptive learning rate method", 2012, algorithm 1.
 *
 * @param options `learningRate` 0.001, `rho` 0.95, `epsilon` 1e-7, no weight decay or clipping.
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const weight = new Parameter(tensor([1]))
 * const optimizer = adadelta({ learningRate: 1, rho: 0.75, epsilon: 0.25 })
 * optimizer.update([weight], [tensor([3])])
 * await weight.value.array() // [0.051]
 * ```
 */
export function adadelta(options: AdadeltaOptions = {}): Adadelta {
  return new Adadelta(options)
}
