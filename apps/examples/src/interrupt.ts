import { constants } from 'node:os'

/** The wish of the user, or of the system, that the program ends. */
export interface Interruption extends Disposable {
  /** Aborted by the first SIGINT (Ctrl-C) or SIGTERM. */
  readonly signal: AbortSignal
}

/** A runner such as npm may pass on a Ctrl-C that came from the terminal as well: one, not two. */
const echoMs = 400

/**
 * Takes over Ctrl-C (and SIGTERM). The first one asks the program to end cleanly and sets its exit
 * code, 130 (143 for SIGTERM); a second one ends it at once. Disposing gives the signals back,
 * unless there was one. Signals reach a program only between turns of the event loop.
 *
 * @example
 * using interruption = handleInterrupts()
 * for (const batch of batches) {
 *   await step(batch)
 *   if (interruption.signal.aborted) break
 * }
 * if (interruption.signal.aborted) console.log('Interrupted.')
 */
export function handleInterrupts(): Interruption {
  const controller = new AbortController()
  let interruptedAt = 0

  const handle = (name: 'SIGINT' | 'SIGTERM') => {
    const exitCode = 128 + constants.signals[name]
    const now = performance.now()
    if (!controller.signal.aborted) {
      interruptedAt = now
      process.exitCode = exitCode
      // Node gives the signals back early in its own end, where an echo would still kill it.
      setTimeout(() => {}, echoMs)
      controller.abort()
    } else if (now - interruptedAt > echoMs) {
      process.exit(exitCode)
    }
  }
  process.on('SIGINT', handle)
  process.on('SIGTERM', handle)

  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      // An echo that comes while the program is ending must not kill it.
      if (controller.signal.aborted) return
      process.removeListener('SIGINT', handle)
      process.removeListener('SIGTERM', handle)
    },
  }
}
