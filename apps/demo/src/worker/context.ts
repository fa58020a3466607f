import { loadMnist, type Mnist } from '../data/mnist.ts'
import { type DigitSettings, defaultSettings } from './digit-settings.ts'
import type { DigitTraining } from './digit-training.ts'
import { once } from './once.ts'

/** Something that computes for long: one at a time, so that figures of speed mean something. */
export interface Run {
  /** Lets the current step end, and keeps what was reached; resolves when it is at rest. */
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
  /** Resolves when the backend that was chosen last computes, or could not be made. */
  backendChosen: Promise<unknown>
  /**
   * Pauses the run there is, unless it is this one, and when it is at rest and the backend that was
   * chosen computes, begins this one.
   *
   * @returns What `begin` gives; undefined where somebody else asked meanwhile, and it did not begin.
   */
  take<T>(run: Run, begin: () => Promise<T>): Promise<T | undefined>
}

export function createContext(): Context {
  let current: Run | undefined
  let turn = 0
  let atRest: Promise<unknown> = Promise.resolve()
  const context: Context = {
    settings: defaultSettings,
    digits: undefined,
    backendChosen: Promise.resolve(),
    mnist: once(loadMnist),
    async take(run, begin) {
      const own = ++turn
      if (current !== run) atRest = Promise.all([atRest, current?.pause()])
      current = run
      await Promise.all([atRest, context.backendChosen])
      return own === turn ? begin() : undefined
    },
  }
  return context
}
