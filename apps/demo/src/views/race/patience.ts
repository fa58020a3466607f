/** How long to wait for something that may never come. */
export class Patience {
  /** Rejects when it has run out or the signal has gone. */
  readonly ended: Promise<never>
  readonly stop: () => void

  constructor(limitMs: number, signal: AbortSignal) {
    const { promise, reject } = Promise.withResolvers<never>()
    const abort = () => reject(signal.reason)
    const timer = setTimeout(() => {
      reject(new Error(`It did not answer within ${limitMs / 1000} seconds and was stopped.`))
    }, limitMs)
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
    this.ended = promise
    this.stop = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
  }
}
