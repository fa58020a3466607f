import {
  type DType,
  Parameter,
  type ParameterTree,
  sub,
  type Tensor,
  type Tree,
  tensor,
} from '@tensorweft/core'
import { decay, notNegative, positive } from './check-option.ts'
import { average, seenWeight } from './moving-average.ts'
import {
  OptimizerBase,
  type OptimizerOptions,
  type RuleInput,
  type RuleOutput,
} from './optimizer-base.ts'

export interface NadamOptions extends OptimizerOptions {
  /** What the momentum tends to, and decay of the average of gradients, by default 0.9. */
  readonly beta1?: number
  /** Decay of the average of squared gradients, by default 0.999. */
  readonly beta2?: number
  /** Added to the root, by default 1e-7. */
  readonly epsilon?: number
  /** How fast the momentum grows from half of `beta1`, by default 0.004. */
  readonly momentumDecay?: number
}

/** What `nadam` keeps per parameter. */
export type NadamSlot = 'firstMoment' | 'secondMoment'

/** Adam with Nesterov's momentum; `nadam` has the formula. */
export class Nadam extends OptimizerBase<
  NadamSlot,
  NadamOptions,
  'beta1' | 'beta2' | 'epsilon' | 'momentumDecay'
> {
  /** Of the momenta of all steps so far. */
  readonly #momentumProduct = new Parameter(tensor(1), {
    trainable: false,
    name: 'momentumProduct',
  })
  protected override readonly slotNames = ['firstMoment', 'secondMoment'] as const

  constructor(options: NadamOptions = {}) {
    super('nadam', options, {
      beta1: [decay, 0.9],
      beta2: [decay, 0.999],
      epsilon: [positive, 1e-7],
      momentumDecay: [notNegative, 0.004],
    })
  }

  override get state(): ParameterTree {
    return { ...super.state, momentumProduct: this.#momentumProduct }
  }

  override update(parameters: Tree<Parameter<DType>>, gradients: Tree<Tensor<DType>>): void {
    super.update(parameters, gradients)
    const step = this.stepCount.cast('float32')
    this.#momentumProduct.assign(this.#momentumProduct.value.mul(this.#momentumAt(step)))
  }

  protected override rule(input: RuleInput<NadamSlot>): RuleOutput<NadamSlot> {
    const { value, gradient, learningRate, step, slots } = input
    const firstMoment = average(slots.firstMoment, gradient, this.options.beta1)
    const secondMoment = average(slots.secondMoment, gradient.square(), this.options.beta2)
    const [momentum, next] = [this.#momentumAt(step), this.#momentumAt(step.add(1))]
    const product = this.#momentumProduct.value.cast(value.dtype).mul(momentum)
    const ofGradient = sub(1, momentum).div(sub(1, product)).mul(learningRate)
    const ofMoment = next.div(sub(1, product.mul(next))).mul(learningRate)
    const rootWeight = seenWeight(this.options.beta2, step).sqrt()
    const scale = secondMoment.sqrt().div(rootWeight).add(this.options.epsilon)
    const ahead = gradient.mul(ofGradient).add(firstMoment.mul(ofMoment))
    return { value: value.sub(ahead.div(scale)), slots: { firstMoment, secondMoment } }
  }

  /** `β₁ (1 − 0.96^(t · momentumDecay) / 2)`. */
  #momentumAt<D extends DType>(step: Tensor<D>): Tensor<D> {
    const decayed = step.mul(Math.log(0.96) * this.options.momentumDecay).exp()
    return decayed.mul(-this.options.beta1 / 2).add(this.options.beta1)
  }
}

/**
 * Nadam: with `μ(t) = β₁ (1 − 0.96^(t · momentumDecay) / 2)`, the product `M(t)` of μ(1) to μ(t),
 * m and v as in Adam, and `d = √(v / (1 − β₂ᵗ)) + epsilon`:
 * `p −= learningRate · ((1 − μ(t)) / (1 − M(t)) · g + μ(t+1) / (1 − M(t+1)) · m) / d`.
 *
 * Dozat, "Incorporating Nesterov momentum into Adam", 2016, algorithm 2.
 *
 * @param options `learningRate` 0.001, `beta1` 0.9, `beta2` 0.999, `epsilon` 1e-7,
 * `momentumDecay` 0.004, no weight decay or clipping.
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const weight = new Parameter(tensor([1, 2]))
 * const optimizer = nadam({ learningRate: 0.1 })
 * for (let t = 0; t < 100; t++) {
 *   const loss = weight.value.square().sum()
 *   optimizer.update([weight], gradients(loss, [weight]))
 * }
 * const isClose = (await weight.value.square().sum().item()) < 0.01
 * ```
 */
export function nadam(options: NadamOptions = {}): Nadam {
  return new Nadam(options)
}
