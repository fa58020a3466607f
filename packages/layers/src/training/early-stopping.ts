import { type Layer, settleOptions } from '@tensorweft/core'
import { integerFrom0 } from '../check-options.ts'
import { copyValues } from '../weights/copy-parameters.ts'
import { namedParameters } from '../weights/named-parameters.ts'
import type { TrainingCallback } from './callback.ts'
import { type MonitorOptions, monitorOf } from './monitor.ts'

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
  const { patience } = settleOptions('earlyStopping', options, { patience: [integerFrom0, 0] })
  const { restoreBestWeights } = options
  const monitor = monitorOf('earlyStopping', options)
  let best: ReturnType<typeof rememberWeights> | undefined
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
        best = rememberWeights(event.model)
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
function rememberWeights({ variables }: Layer): { restore(): void; dispose(): void } {
  const named = namedParameters(variables)
  const values = copyValues(named)
  return {
    restore: () => {
      values.forEach((value, i) => {
        named[i]?.parameter.assign(value)
      })
    },
    dispose: () => {
      for (const value of values) value.dispose()
    },
  }
}
