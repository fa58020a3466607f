import type { Work } from '../../subject.ts'
import { joinValues } from '../join-values.ts'
import { deviceQueue } from './device-queue.ts'
import type { JaxArray, JaxModule } from './jax.ts'

/**
 * Work that computes arrays and leaves them where they are. Those of the step before are freed at
 * once; `dispose` frees what `compute` reads.
 */
export function heldResult(
  jax: JaxModule,
  compute: () => readonly JaxArray[],
  dispose: () => void,
): Work {
  let held: readonly JaxArray[] = []
  const start = () => {
    for (const array of held) array.dispose()
    held = compute()
  }
  const device = deviceQueue(jax)
  const enqueue = () => {
    start()
    device?.submit(held)
  }
  return {
    queue: device && { enqueue, finish: () => device.finish() },
    async step() {
      start()
      for (const array of held) await array.blockUntilReady()
    },
    result: async () => joinValues(await Promise.all(held.map((array) => array.ref.data()))),
    async dispose() {
      for (const array of held) array.dispose()
      dispose()
    },
  }
}
