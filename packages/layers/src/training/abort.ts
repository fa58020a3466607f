/** The part of an AbortSignal that is used. */
export interface AbortSignalLike {
  readonly aborted: boolean
  /** What is thrown. */
  readonly reason?: unknown
}

/** Throws the reason of a signal that was aborted. */
export function throwIfAborted(signal: AbortSignalLike | undefined): void {
  if (signal?.aborted) throw signal.reason ?? new Error('The training was aborted.')
}
