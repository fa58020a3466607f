import type { TrainingCallback, TrainingEvent } from './callback.ts'

/** Calls one method of all callbacks, one after the other. */
export async function notify(
  callbacks: readonly TrainingCallback[],
  moment: keyof TrainingCallback,
  makeEvent: () => TrainingEvent,
): Promise<void> {
  const told = callbacks.filter((callback) => callback[moment] !== undefined)
  if (told.length === 0) return
  const event = makeEvent()
  for (const callback of told) await callback[moment]?.(event)
}
