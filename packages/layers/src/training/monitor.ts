import { ArgumentError } from '@tensorweft/core'
import type { TrainingEvent } from './callback.ts'
import { checkChoice } from './check-options.ts'

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

/** The best value of a measure so far. */
export class Monitor {
  readonly #op: string
  readonly #name: string
  /** 1 where less is better, −1 where more is. */
  readonly #sign: number
  readonly #minDelta: number
  #best = Number.POSITIVE_INFINITY

  /** @throws ArgumentError for options outside their range. */
  constructor(op: string, { monitor = 'valLoss', mode = 'auto', minDelta = 0 }: MonitorOptions) {
    checkChoice(op, 'mode', mode, ['min', 'max', 'auto'])
    if (!(Number.isFinite(minDelta) && minDelta >= 0)) {
      throw new ArgumentError(op, {
        got: `minDelta ${minDelta}`,
        wanted: 'a finite number that is not negative',
      })
    }
    const isMax = mode === 'max' || (mode === 'auto' && /accuracy$/i.test(monitor))
    this.#op = op
    this.#name = monitor
    this.#sign = isMax ? -1 : 1
    this.#minDelta = minDelta
  }

  /** Forgets what was, and checks that there will be such a value. */
  begin({ logNames }: TrainingEvent): void {
    this.#best = Number.POSITIVE_INFINITY
    if (logNames.includes(this.#name)) return
    throw new ArgumentError(this.#op, {
      got: `monitor '${this.#name}'`,
      wanted: `one of ${logNames.join(', ')}`,
      hint: this.#name.startsWith('val')
        ? 'pass validationData or validationSplit to fit'
        : 'add it to the metrics of the trainer',
    })
  }

  /** Whether the last epoch was better than all before; NaN is never. */
  improves({ logs }: TrainingEvent): boolean {
    const value = this.#sign * (logs[this.#name] ?? Number.NaN)
    if (!(value < this.#best - this.#minDelta)) return false
    this.#best = value
    return true
  }
}
