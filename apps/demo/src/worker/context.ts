import { loadMnist, type Mnist } from '../data/mnist.ts'
import { type DigitSettings, defaultSettings } from './digit-settings.ts'
import type { DigitTraining } from './digit-training.ts'

/** Something that computes for long: one at a time, so that figures of speed mean something. */
export interface Run {
  /** Whether it computes now. */
  readonly isActive: boolean
  /** Lets the current step end, and keeps what was reached. */
  pause(): Promise<void>
}

/** What the services of the worker share. */
export interface Context {
  /** The digits, loaded once. */
  mnist(): Promise<Mnist>
  /** What the Train view has chosen for its next classifier. */
  settings: DigitSettings
  /** The classifier that the Train view has trained or loaded, if any. */
  digits: DigitTraining | undefined
  /** Whether a run computes now. */
  readonly isBusy: boolean
  /** Pauses the run there is, unless it is this one, and makes this the current one. */
  take(run: Run): Promise<void>
}

export function createContext(): Context {
  let loading: Promise<Mnist> | undefined
  let current: Run | undefined
  return {
    settings: defaultSettings,
    digits: undefined,
    get isBusy() {
      return current?.isActive ?? false
    },
    mnist() {
      loading ??= loadMnist().catch((error: unknown) => {
        // A failed download may be tried again.
        loading = undefined
        throw error
      })
      return loading
    },
    async take(run) {
      const before = current
      current = run
      if (before !== run) await before?.pause()
    },
  }
}
