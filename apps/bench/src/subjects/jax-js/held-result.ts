import type { Work } from '../../subject.ts'
import type { JaxArray } from './jax.ts'

/**
 * Work that computes an array and leaves it where it is. The one of the step before is freed at
 * once; `dispose` frees what `compute` reads.
 */
export function heldResult(compute: () => JaxArray, dispose: () => void): Work {
  let held: JaxArray | undefined
  return {
    async step() {
      held?.dispose()
      held = await compute().blockUntilReady()
    },
    result: async () => (await held?.ref.data()) ?? [],
    async dispose() {
      held?.dispose()
      dispose()
    },
  }
}
