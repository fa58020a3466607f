import { ArgumentError, settleOptions } from '@tensorweft/core'
import { notNegative, ofType, oneOf } from '../check-options.ts'
import type { TrainingEvent } from './callback.ts'

/** Whether less or more of a value is better; `auto`: more of an accuracy, less of anything else. */
export type MonitorMode = 'min' | 'max' | 'auto'

export interface MonitorOptions {
  /** What to watch, a name of the logs, by default `valLoss`. */
  readonly monitor?: string
  /** By default `auto`. */
  readonly mode?: MonitorMode
  /** What is better by less does not count as better, by default 0. */
  readonly minDelta?: number
}

/** Follows the best value of a measure. */
interface Monitor {
  /** Forgets what was, and checks that there will be such a value. */
  begin(event: TrainingEvent): void
  /** Whether the last epoch was better than all before; NaN is never. */
  improves(event: TrainingEvent): boolean
}

/** @throws ArgumentError for options outside their range. */
export function monitorOf(op: string, options: MonitorOptions): Monitor {
  const { monitor, mode, minDelta } = settleOptions(op, options, {
    monitor: [ofType('string'), 'valLoss'],
    mode: [oneOf('min', 'max', 'auto'), 'auto'],
    minDelta: [notNegative, 0],
  })
  const isMax = mode === 'max' || (mode === 'auto' && /accuracy$/i.test(monitor))
  let best = Infinity
  return {
    begin({ logNames }) {
      best = Infinity
      if (logNames.includes(monitor)) return
      throw new ArgumentError(op, {
        got: `monitor '${monitor}'`,
        wanted: `one of ${logNames.join(', ')}`,
        hint: monitor.startsWith('val')
          ? 'pass validationData to fit'
          : 'add it to the metrics of the trainer',
      })
    },
    improves({ logs }) {
      const value = (logs[monitor] ?? Number.NaN) * (isMax ? -1 : 1)
      if (!(value < best - minDelta)) return false
      best = value
      return true
    },
  }
}
