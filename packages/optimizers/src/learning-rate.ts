import {
  ArgumentError,
  checkOption,
  formatShape,
  Parameter,
  type ParameterTree,
  ShapeError,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import { notNegative } from './check-option.ts'
import type { Schedule } from './schedules/schedule.ts'

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
  const parameter = new Parameter(tensor(initial), {
    trainable: false,
    name: 'learningRate',
  })
  return {
    at: () => parameter.value,
    set(rate) {
      checkOption(owner, 'learningRate', rate, notNegative)
      parameter.assign(tensor(rate))
    },
    state: { learningRate: parameter },
  }
}

function scheduledRate(owner: string, schedule: Schedule): LearningRate {
  return {
    at(step) {
      const rate = schedule(step)
      if (rate.rank === 0) return rate
      throw new ShapeError(`${owner}.update`, {
        got: `a learning rate ${formatShape(rate.shape)} from the schedule`,
        wanted: 'one for the step, a scalar []',
      })
    },
    set(rate) {
      throw new ArgumentError(owner, {
        got: `learningRate = ${rate} where a schedule sets it`,
        hint: `make the optimiser with a number: ${owner}({ learningRate: ${rate} })`,
      })
    },
    state: {},
  }
}
