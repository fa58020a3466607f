/** How a training goes, since the last time that it was told. */
export interface Progress {
  /** Digits trained on since the beginning. */
  readonly samples: number
  /** Mean over the digits since the last report. */
  readonly loss: number
  /** Share of the digits since the last report that were recognised. */
  readonly accuracy: number
  /** Undefined where there is nothing to measure from: at first, and after a pause or a swap. */
  readonly samplesPerSecond: number | undefined
  /** Time since the beginning that went into training, without pauses and tests. */
  readonly elapsedMs: number
  /** Name of the backend that computes. */
  readonly backend: string
}

/** Where a training is, with the means over its current epoch. */
export interface EpochState {
  /** From 1. */
  readonly epoch: number
  /** Of this epoch. */
  readonly samples: number
  readonly loss: number
  readonly accuracy: number
  readonly backend: string
}

const interval = { ms: 160, samples: 2000, atMostMs: 1000 }

/** Makes reports, a few per second, of means that run over whole epochs. */
export class ProgressMeter {
  readonly #samplesPerEpoch: number
  readonly #now: () => number
  #last: EpochState | undefined
  #measuredAt: number | undefined
  #elapsedMs = 0

  constructor(samplesPerEpoch: number, now: () => number = () => performance.now()) {
    this.#samplesPerEpoch = samplesPerEpoch
    this.#now = now
  }

  /** Whether it is time for a report; means over few digits would jump up and down. */
  isDue(epoch: number, samples: number): boolean {
    if (this.#measuredAt === undefined || this.#last === undefined) return true
    const elapsedMs = this.#now() - this.#measuredAt
    const since = this.#total({ epoch, samples }) - this.#total(this.#last)
    return elapsedMs >= interval.atMostMs || (elapsedMs >= interval.ms && since >= interval.samples)
  }

  /** Forgets when the last report was: what was in between was no training. */
  restart(): void {
    this.#measuredAt = undefined
  }

  measure(state: EpochState): Progress {
    const now = this.#now()
    const last = this.#last ?? { ...state, epoch: 0, samples: 0 }
    const from = last.epoch === state.epoch ? last : { samples: 0, loss: 0, accuracy: 0 }
    const samples = state.samples - from.samples
    const mean = (name: 'loss' | 'accuracy') =>
      (state[name] * state.samples - from[name] * from.samples) / samples
    const isSameRun = this.#measuredAt !== undefined && last.backend === state.backend
    const elapsedMs = now - (this.#measuredAt ?? now)
    const since = this.#total(state) - this.#total(last)
    this.#last = state
    this.#measuredAt = now
    this.#elapsedMs += elapsedMs
    return {
      samples: this.#total(state),
      loss: mean('loss'),
      accuracy: mean('accuracy'),
      samplesPerSecond: isSameRun ? (since / elapsedMs) * 1000 : undefined,
      elapsedMs: this.#elapsedMs,
      backend: state.backend,
    }
  }

  /** Leaves out the time of something else, which has just begun. Returns what ends it. */
  interrupt(): () => void {
    const begin = this.#now()
    return () => {
      if (this.#measuredAt !== undefined) this.#measuredAt += this.#now() - begin
    }
  }

  #total({ epoch, samples }: Pick<EpochState, 'epoch' | 'samples'>): number {
    return Math.max(0, epoch - 1) * this.#samplesPerEpoch + samples
  }
}
