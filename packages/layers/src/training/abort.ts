/** The part of an AbortSignal that is used. */
export interface AbortSignalLike {
  readonly aborted: boolean
  /** What is thrown. */
  readonly reason?: unknown
  /** Without it, the end of what is being waited for is waited for. */
  addEventListener?(type: 'abort', listener: () => void): void
  removeEventListener?(type: 'abort', listener: () => void): void
}

/** Throws the reason of a signal that was aborted. */
export function throwIfAborted(signal: AbortSignalLike | undefined): void {
  if (signal?.aborted) throw reasonOf(signal)
}

const reasonOf = ({ reason }: AbortSignalLike) => reason ?? new Error('The training was aborted.')

/**
 * Waits for something, or until the signal is aborted: then it throws the reason of the signal.
 *
 * @param release Is given what comes too late.
 * @example
 * ```ts
 * const controller = new AbortController()
 * const never = new Promise<void>(() => {})
 * const waiting = untilAborted(controller.signal, never, () => {})
 * controller.abort(new Error('enough'))
 * await waiting.catch(({ message }) => message) // 'enough'
 * ```
 */
export function untilAborted<T>(
  signal: AbortSignalLike | undefined,
  awaited: Promise<T>,
  release: (late: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal && reasonOf(signal))
      awaited.then(release).catch(() => {})
    }
    // The event has passed where it came before the wait.
    if (signal?.aborted) abort()
    else signal?.addEventListener?.('abort', abort)
    // No later than it is given: what was given is not let go of.
    awaited.finally(() => signal?.removeEventListener?.('abort', abort)).then(resolve, reject)
  })
}
