/** When work is shared between threads. */
export interface Policy {
  /** What a reduction must be worth to become one of partial results, in nanoseconds. */
  readonly splitCost: number
  /** What a piece of a kernel must be worth to be one, in nanoseconds. */
  readonly pieceCost: number
  /** What threads must save in a run before they are woken for it, in nanoseconds. */
  readonly wakeCost: number
  /** The same where the end of a run comes as a message, because this thread must not wait. */
  readonly messageCost: number
  /** What threads must save in a run that waits for those that are just getting its module. */
  readonly waitCost: number
  /** How long a run waits for workers that have yet to start. */
  readonly startMilliseconds: number
  /** Seconds without any progress after which a thread gives the others up. */
  readonly patience: number
}

/**
 * Measured on two cores: waking a worker that sleeps and hearing back costs some 25 µs in Node 20
 * and 24, less while it is still looking for more; from 40 µs saved on it pays in every case. On a
 * page's main thread in Chromium, on a busy machine, the message at the end costs 60 to 80 µs where
 * runs follow each other, 150 to 350 µs after a pause, and little is gained below 600 µs saved.
 */
export const defaultPolicy: Policy = {
  splitCost: 100_000,
  pieceCost: 15_000,
  wakeCost: 40_000,
  messageCost: 500_000,
  waitCost: 1_000_000,
  startMilliseconds: 0,
  patience: 30,
}
