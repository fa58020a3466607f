import {
  type CompiledFunction,
  compile,
  gradients,
  type Optimizer,
  type Parameter,
  type Tensor,
} from '@tensorweft/core'
import type { RunningMeans } from '../metrics/running-means.ts'
import type { StepInput } from './batch.ts'
import type { ClassWeight } from './class-weight.ts'
import { measure, type Objective } from './forward.ts'
import { keyOfStep } from './key-of-step.ts'

/** What a training step reads and updates. */
export interface StepState<M extends string> {
  readonly objective: Objective<M>
  readonly optimizer: Optimizer
  /** With the number of the step, from 0, it makes the key of each step. */
  readonly key: Parameter<'int32'>
  readonly stepCount: Parameter<'int32'>
  readonly means: RunningMeans<'loss' | M>
}

/**
 * Forward, backward, metrics and update as one compiled step, which returns the loss of the batch.
 * Nothing of it is read unless the program asks.
 */
export function compileTrainStep<M extends string>(
  { objective, optimizer, key, stepCount, means }: StepState<M>,
  classWeight: ClassWeight | undefined,
): CompiledFunction<[StepInput], Tensor> {
  const { model } = objective
  return compile((input: StepInput) => {
    const own = keyOfStep(key.value, stepCount.value)
    stepCount.assign(stepCount.value.add(1))
    const measures = measure(objective, input, { training: true, key: own }, classWeight)
    optimizer.update(model.parameters, gradients(measures.loss, model.parameters))
    means.update(measures, input.y.shape[0])
    return measures.loss
  })
}

/** Loss and metrics of a batch, without training; returns the loss. */
export function compileEvaluationStep<M extends string>(
  objective: Objective<M>,
  means: RunningMeans<'loss' | M>,
): CompiledFunction<[StepInput], Tensor> {
  return compile((input: StepInput) => {
    const measures = measure(objective, input, { training: false })
    means.update(measures, input.y.shape[0])
    return measures.loss
  })
}
