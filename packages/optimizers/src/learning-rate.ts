import { ArgumentError, Parameter, type ParameterTree, type Tensor, tensor } from '@tensorweft/core'
import { checkOption } from './check-option.ts'

/**
 * The learning rate of each step: from `step` (int32 scalar, counted from 0) to a float32 scalar,
 * by ops on tensors, so that one compiled step serves all of training.
 */
export type Schedule = (step: Tensor<'int32'>) => Tensor

/** Where an optimiser takes its learning rate from. */
export interface LearningRate {
  /** Scalar float32 for the step with this number. */
  at(step: Tensor<'int32'>): Tensor
  /** Replaces a constant rate. Throws ArgumentError where there is a schedule. */
  set(rate: number): void
  /** What to save. */
  readonly state: ParameterTree
}

/** A number is kept as state, not in the plan, so that changing it compiles nothing. */
export function learningRateOf(owner: string, rate: number | Schedule): LearningRate {
  return typeof rate === 'number' ? constantRate(owner, rate) : scheduledRate(owner, rate)
}

function constantRate(owner: string, initial: number): LearningRate {
  checkRate(owner, initial)
  const parameter = new Parameter(tensor(initial), {
    trainable: false,
    name: 'learningRate',
  })
  return {
    at: () => parameter.value,
    set(rate) {
      checkRate(owner, rate)
      parameter.assign(tensor(rate))
    },
    state: { learningRate: parameter },
  }
}

function scheduledRate(owner: string, schedule: Schedule): LearningRate {
  return {
    at: schedule,
    set(rate) {
      throw new ArgumentError(owner, {
        got: `learningRate = ${rate} where a schedule sets it`,
        hint: `make the optimiser with a number, ${owner}({ learningRate: ${rate} }), to set it by hand`,
      })
    },
    state: {},
  }
}

function checkRate(owner: string, rate: number): void {
  checkOption(
    owner,
    'learningRate',
    rate,
    'a finite number that is not negative',
    (value) => Number.isFinite(value) && value >= 0,
  )
}
