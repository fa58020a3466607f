import {
  ArgumentError,
  type DType,
  type Optimizer,
  type OptionTable,
  Parameter,
  type ParameterTree,
  type SettledOptions,
  settleOptions,
  type Tensor,
  type TensorSpec,
  type Tree,
  tensor,
  zeros,
} from '@tensorweft/core'
import { notNegative, rate } from './check-option.ts'
import { type ClipOptions, checkClipOptions, clipGradients } from './clip-gradients.ts'
import { type LearningRate, learningRateOf } from './learning-rate.ts'
import { matchTrees, type NamedParameter, trainableParameters } from './match-trees.ts'
import type { Schedule } from './schedules/schedule.ts'

/** What all optimisers take. */
export interface OptimizerOptions extends ClipOptions {
  /**
   * Step size: a number that can be changed at any time, or a schedule; by default 0.001. It is
   * rounded to float32, also for parameters of float64.
   */
  readonly learningRate?: number | Schedule
  /** L2 penalty: `weightDecay · value` is added to each gradient. By default 0. */
  readonly weightDecay?: number
}

/** What an update rule is given for one parameter; scalars have the parameter's dtype. */
export interface RuleInput<Slot extends string> {
  readonly value: Tensor<DType>
  /** In the shape of the value, clipped, with the weight decay in it. */
  readonly gradient: Tensor<DType>
  readonly learningRate: Tensor<DType>
  /** Number of this step, from 1. */
  readonly step: Tensor<DType>
  /** What the rule keeps, in the shape of the value; zeros at first unless the rule says else. */
  readonly slots: Readonly<Record<Slot, Tensor<DType>>>
}

/** What an update rule answers. */
export interface RuleOutput<Slot extends string> {
  readonly value: Tensor<DType>
  readonly slots: Readonly<Record<Slot, Tensor<DType>>>
}

/** What is kept for one parameter. */
interface Kept<Slot extends string> {
  readonly parameter: Parameter<DType>
  readonly slots: Readonly<Record<Slot, Parameter<DType>>>
}

/**
 * What all optimisers share: the step counter, the learning rate, clipping, weight decay, and the
 * state per parameter, which is made when a parameter is first updated. A subclass names what it
 * keeps per parameter (its slots) and states its rule as a pure function of tensors.
 *
 * @example
 * ```ts
 * class SignDescent extends OptimizerBase {
 *   protected override readonly slotNames = []
 *   protected override rule({ value, gradient, learningRate }: RuleInput<never>) {
 *     const [up, down] = [gradient.greater(0), gradient.less(0)]
 *     const direction = up.cast(value.dtype).sub(down.cast(value.dtype))
 *     return { value: value.sub(direction.mul(learningRate)), slots: {} }
 *   }
 * }
 * const optimizer = new SignDescent('signDescent', { learningRate: 0.5 })
 * const weight = new Parameter(tensor([1, 2]))
 * optimizer.update([weight], [tensor([3, -4])])
 * await weight.value.array() // [0.5, 2.5]
 * ```
 */
export abstract class OptimizerBase<
  Slot extends string = never,
  Options extends OptimizerOptions = OptimizerOptions,
  Checked extends keyof Options & string = never,
> implements Optimizer
{
  readonly #name: string
  readonly #learningRate: LearningRate
  readonly #stepCount = new Parameter(tensor(0, { dtype: 'int32' }), {
    trainable: false,
    name: 'step',
  })
  readonly #kept = new Map<string, Kept<Slot>>()

  /** As they were given, with defaults where the table has them. */
  protected readonly options: SettledOptions<Options, Checked | 'learningRate' | 'weightDecay'>

  /** Names of the tensors that are kept per parameter. */
  protected abstract readonly slotNames: readonly Slot[]

  /**
   * @param name Of the optimiser, for error messages.
   * @param table The rules and defaults of the optimiser's own options.
   * @throws ArgumentError for options outside their range.
   */
  constructor(
    name: string,
    options: Options,
    table: Partial<OptionTable<Options, Checked | 'learningRate' | 'weightDecay'>> = {},
  ) {
    this.options = settleOptions(name, options, {
      learningRate: [rate, 0.001],
      weightDecay: [notNegative, 0],
      ...table,
    } as OptionTable<Options, Checked | 'learningRate' | 'weightDecay'>)
    checkClipOptions(name, options)
    this.#name = name
    this.#learningRate = learningRateOf(name, this.options.learningRate)
  }

  /** New values of one parameter and of its slots. */
  protected abstract rule(input: RuleInput<Slot>): RuleOutput<Slot>

  /** What a slot starts from, in the shape and dtype of its parameter's value: zeros. */
  protected initialSlot(_slot: Slot, value: TensorSpec): Tensor<DType> {
    return zeros(value.shape, value.dtype)
  }

  /** Number of steps that are done, scalar. */
  protected get stepCount(): Tensor<'int32'> {
    return this.#stepCount.value
  }

  /** The learning rate of the next step, scalar float32; a number can be assigned. */
  get learningRate(): Tensor {
    return this.#learningRate.at(this.#stepCount.value)
  }

  set learningRate(rate: number) {
    this.#learningRate.set(rate)
  }

  /** By name: `step`, `learningRate` unless it is a schedule, and each slot by parameter. */
  get state(): ParameterTree {
    const kept = [...this.#kept]
    return {
      step: this.#stepCount,
      ...this.#learningRate.state,
      ...this.#bySlot((slot) =>
        Object.fromEntries(kept.map(([path, { slots }]) => [path, slots[slot]])),
      ),
    }
  }

  /**
   * Makes the state for the trainable parameters of a tree, as `update` does by itself when it
   * first meets them; needed only where saved state is to be restored before the first step.
   *
   * @throws ArgumentError where a leaf is no parameter.
   */
  build(parameters: Tree<Parameter<DType>>): void {
    const op = `${this.#name}.build`
    for (const named of trainableParameters(op, parameters)) this.#keptFor(op, named)
  }

  /**
   * Updates the trainable parameters: one step of the rule. In a function under `compile` it
   * becomes part of its plan.
   *
   * @param gradients In the form of `parameters`, as `gradients(loss, parameters)` gives them.
   * @throws ArgumentError, ShapeError or DTypeError where the two do not match; then nothing has
   * changed.
   */
  update(parameters: Tree<Parameter<DType>>, gradients: Tree<Tensor<DType>>): void {
    const op = `${this.#name}.update`
    const updates = matchTrees(op, parameters, gradients)
    const kept = updates.map((update) => this.#keptFor(op, update))
    const count = this.#stepCount.value
    const learningRate = this.#learningRate.at(count)
    const next = count.add(1)
    const clipped = clipGradients(
      updates.map(({ gradient }) => gradient),
      this.options,
    )
    clipped.forEach((gradient, i) => {
      const own = kept[i]
      if (own !== undefined) this.#apply(own, gradient, learningRate, next)
    })
    this.#stepCount.assign(next)
  }

  #apply(
    { parameter, slots }: Kept<Slot>,
    gradient: Tensor<DType>,
    learningRate: Tensor,
    step: Tensor<'int32'>,
  ): void {
    const { weightDecay } = this.options
    const { dtype, value } = parameter
    const updated = this.rule({
      value,
      gradient: weightDecay === 0 ? gradient : gradient.add(value.mul(weightDecay)),
      learningRate: learningRate.cast(dtype),
      step: step.cast(dtype),
      slots: this.#bySlot((slot) => slots[slot].value),
    })
    parameter.assign(updated.value)
    for (const slot of this.slotNames) slots[slot].assign(updated.slots[slot])
  }

  #keptFor(op: string, { path, parameter }: NamedParameter): Kept<Slot> {
    const known = this.#kept.get(path)
    if (known?.parameter === parameter) return known
    if (known !== undefined) {
      throw new ArgumentError(op, {
        got: `another parameter at '${path}' than before`,
        hint: 'make one optimiser per model',
      })
    }
    const slots = this.#bySlot((slot) => {
      const options = { trainable: false, name: `${slot} of ${path}` }
      return new Parameter(this.initialSlot(slot, parameter), options)
    })
    const made = { parameter, slots }
    this.#kept.set(path, made)
    return made
  }

  #bySlot<T>(make: (slot: Slot) => T): Record<Slot, T> {
    const entries = this.slotNames.map((slot) => [slot, make(slot)] as const)
    return Object.fromEntries(entries) as Record<Slot, T>
  }
}
