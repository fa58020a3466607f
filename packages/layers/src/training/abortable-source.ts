import { type AbortSignalLike, untilAborted } from './abort.ts'
import type { BatchSource } from './batch-source.ts'

/** Data, of which nothing is waited for any longer once the signal is aborted. */
export function abortable(source: BatchSource, signal: AbortSignalLike | undefined): BatchSource {
  let isWaiting = false
  const wait = <T>(awaited: Promise<T>, release: (late: T) => void): Promise<T> => {
    isWaiting = true
    const ended = awaited.finally(() => {
      isWaiting = false
    })
    return untilAborted(signal, ended, release)
  }
  // A generator that waits for something closes when that has come: maybe never.
  const close = async (closed: Promise<void>): Promise<void> => {
    if (isWaiting) closed.catch(() => {})
    else await closed
  }
  return {
    sampleCount: source.sampleCount,
    async open(start) {
      const batches = await wait(source.open(start), (late) => void late.close().catch(() => {}))
      return {
        steps: batches.steps,
        next: () => wait(batches.next(), (late) => late?.release()),
        close: () => close(batches.close()),
      }
    },
    close: () => close(source.close()),
  }
}
