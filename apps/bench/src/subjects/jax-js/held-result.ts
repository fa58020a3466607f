import type { Work } from '../../subject.ts'
import { joinValues } from '../join-values.ts'
import type { JaxArray } from './jax.ts'

/**
 * Work that computes arrays and leaves them where they are. Those of the step before are freed at
 * once; `dispose` frees what `compute` reads.
 */
export function heldResult(compute: () => readonly JaxArray[], dispose: () => void): Work {
  let held: readonly JaxArray[] = []
  return {
    async step() {
      for (const array of held) array.dispose()
      held = compute()
      for (const array of held) await array.blockUntilReady()
    },
    result: async () => joinValues(await Promise.all(held.map((array) => array.ref.data()))),
    async dispose() {
      for (const array of held) array.dispose()
      dispose()
    },
  }
}
