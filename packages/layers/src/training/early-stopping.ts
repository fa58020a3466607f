import { compile, type DType, type Layer, type Tensor } from '@tensorweft/core'
import { namedParameters } from '../weights/named-parameters.ts'
import type { TrainingCallback } from './callback.ts'
import { checkCount } from './check-options.ts'
import { Monitor, type MonitorOptions } from './monitor.ts'

export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs in a row without a better value until training stops; 0, the default, is as 1. */
  readonly patience?: number
  /**
   * Whether the model gets the weights and state of its best epoch in the end, unless an error ended
   * the training; by default it keeps the last.
   */
  readonly restoreBestWeights?: boolean
}

/**
 * A callback that ends training once a value has stopped getting better.
 *
 * @param options `monitor` 'valLoss', `patience` 0, `minDelta` 0, `mode` 'auto',
 * `restoreBestWeights` false.
 * @throws ArgumentError for options outside their range; `fit` throws it, before the first step, for
 * a `monitor` that its logs do not have.
 * @example
 * ```ts
 * const callbacks = [earlyStopping({ monitor: 'loss', patience: 2, restoreBestWeights: true })]
 * ```
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): TrainingCallback {
  const { patience = 0, restoreBestWeights = false } = options
  checkCount('earlyStopping', 'patience', patience, 0)
  const monitor = new Monitor('earlyStopping', options)
  let best: Weights | undefined
  let waited = 0
  return {
    onTrainBegin(event) {
      monitor.begin(event)
      best = undefined
      waited = 0
    },
    onEpochEnd(event) {
      if (monitor.improves(event)) {
        waited = 0
        if (!restoreBestWeights) return
        best?.dispose()
        best = new Weights(event.model)
      } else if (++waited >= patience) {
        event.stop()
      }
    },
    onTrainEnd({ end }) {
      if (end !== 'failed') best?.restore()
      best?.dispose()
      best = undefined
    },
  }
}

/** The weights and state of a model at one time. */
class Weights {
  readonly #parameters
  readonly #values: readonly Tensor<DType>[]

  constructor(model: Layer) {
    const parameters = namedParameters(model.variables).map(({ parameter }) => parameter)
    this.#parameters = parameters
    // Copies, because handles on the values would keep the next step from updating in place.
    this.#values = compile(() => parameters.map(({ value }) => value))()
  }

  restore(): void {
    this.#values.forEach((value, i) => {
      this.#parameters[i]?.assign(value)
    })
  }

  dispose(): void {
    for (const value of this.#values) value.dispose()
  }
}
