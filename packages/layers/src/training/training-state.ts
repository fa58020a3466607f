import {
  isPlainObject,
  type Key,
  key,
  type Layer,
  type Optimizer,
  type OptionRule,
  Parameter,
  settleOptions,
  splitKey,
  tensor,
} from '@tensorweft/core'
import { aLayer, anOptimizer, aTensor, ofType } from '../check-options.ts'
import type { Metric } from '../metrics/metric.ts'
import { RunningMeans } from '../metrics/running-means.ts'
import { ensureBuilt, type InputSpec } from './ensure-built.ts'
import type { Objective } from './forward.ts'
import { checkMetricNames } from './logs.ts'
import type { LossFunction } from './loss.ts'
import type { Position } from './position.ts'
import type { StepState } from './train-step.ts'

export interface TrainerOptions<M extends string> {
  readonly model: Layer
  readonly loss: LossFunction
  readonly optimizer: Optimizer
  /** What else is measured, by name, in training and evaluation. */
  readonly metrics?: Readonly<Record<M, Metric>>
  /**
   * Where the randomness of layers, the order of samples and, if the model was not built, its first
   * weights come from; by default `key(0)`.
   */
  readonly key?: Key
}

const functions: OptionRule = [
  'functions by name',
  (_, value) =>
    isPlainObject(value) && Object.values(value).every((metric) => typeof metric === 'function'),
]

/** All that changes while a model is trained. */
export class TrainingState<M extends string> implements StepState<M> {
  readonly objective: Objective<M>
  readonly optimizer: Optimizer
  readonly means: RunningMeans<'loss' | M>
  readonly key: Parameter<'int32'>
  readonly stepCount: Parameter<'int32'>
  /** Of which the orders of the epochs are made. */
  readonly orderKey: Parameter<'int32'>
  position: Position = { epochs: 0 }
  /** What the model is applied to, once that is known. */
  input: InputSpec | undefined
  readonly #buildKey: Key

  /** @throws ArgumentError for wrong options, and for metrics whose names are taken. */
  constructor(options: TrainerOptions<M>) {
    const {
      model,
      loss,
      optimizer,
      metrics,
      key: from,
    } = settleOptions('trainer', options, {
      model: [aLayer],
      loss: [ofType('function')],
      optimizer: [anOptimizer],
      metrics: [functions, {} as Record<M, Metric>],
      key: [aTensor, key(0)],
    })
    const names = Object.keys(metrics) as M[]
    checkMetricNames('trainer', names)
    const [buildKey = from, stepKey = from, orderKey = from] = splitKey(from, 3)
    this.objective = { model, loss, metrics }
    this.optimizer = optimizer
    this.means = new RunningMeans<'loss' | M>(['loss', ...names])
    this.key = new Parameter(stepKey, { trainable: false, name: 'key' })
    this.stepCount = new Parameter(tensor(0, { dtype: 'int32' }), {
      trainable: false,
      name: 'stepCount',
    })
    this.orderKey = new Parameter(orderKey, { trainable: false, name: 'orderKey' })
    this.#buildKey = buildKey
  }

  /** Builds the model for such inputs unless that has been done. */
  build(input: InputSpec): void {
    ensureBuilt(this.objective.model, input, this.#buildKey)
  }
}
