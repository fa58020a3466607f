import { type Backend, realize, type Tensor } from '@tensorweft/core'
import type { Work } from '../../subject.ts'

/**
 * Work that computes a tensor and leaves it where it is. The one of the step before is freed at
 * once; `inputs` are freed in the end.
 */
export function heldResult(
  compute: () => Tensor,
  inputs: readonly Tensor[],
  backend: Backend,
): Work {
  let held: Tensor | undefined
  return {
    async step() {
      held?.dispose()
      held = compute()
      await realize(held)
      await backend.finish()
    },
    result: async () => (await held?.data()) ?? [],
    async dispose() {
      held?.dispose()
      for (const input of inputs) input.dispose()
    },
  }
}
