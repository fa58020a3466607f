import { type Backend, realize, type Tensor } from '@tensorweft/core'
import type { Work } from '../../subject.ts'
import { joinValues } from '../join-values.ts'

/**
 * Work that computes tensors and leaves them where they are. Those of the step before are freed at
 * once; `inputs` are freed in the end.
 */
export function heldResult(
  compute: () => readonly Tensor[],
  inputs: readonly Tensor[],
  backend: Backend,
): Work {
  let held: readonly Tensor[] = []
  return {
    async step() {
      for (const tensor of held) tensor.dispose()
      held = compute()
      await realize(...held)
      await backend.finish()
    },
    result: async () => joinValues(await Promise.all(held.map((tensor) => tensor.data()))),
    async dispose() {
      for (const tensor of [...held, ...inputs]) tensor.dispose()
    },
  }
}
