import type { Tensor } from '@tensorweft/core'
import { DivergenceError } from './divergence-error.ts'
import type { GanEvent } from './event.ts'
import type { Health } from './health.ts'
import { type Measures, measuresOf } from './measures.ts'

/** What came in and was not told yet. */
interface Report {
  readonly step: number
  readonly measures: Measures
  readonly shown: { readonly samples?: Tensor }
}

/** Reports on their way from the backend to the program. */
export class Reports {
  readonly #health: Health
  #reports: Report[] = []

  constructor(health: Health) {
    this.#health = health
  }

  /** @param shown What else the event has. */
  add(
    step: number,
    discriminator: Iterable<number>,
    generator: Iterable<number>,
    shown: Report['shown'],
  ): void {
    this.#reports.push({ step, measures: measuresOf(discriminator, generator), shown })
  }

  /**
   * The events of all reports that came in.
   *
   * @throws DivergenceError for a measure that is not finite.
   */
  *take(): Generator<GanEvent, void, void> {
    for (let report = this.#reports.shift(); report !== undefined; report = this.#reports.shift()) {
      const { step, measures, shown } = report
      const wrong = Object.entries(measures).find(([, value]) => !Number.isFinite(value))
      if (wrong !== undefined) throw new DivergenceError(...wrong, step)
      yield { step, ...measures, ...shown, warnings: this.#health.warningsFor(measures) }
    }
  }
}
