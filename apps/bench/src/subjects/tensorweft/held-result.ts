import { type Backend, type DType, realize, type Tensor } from '@tensorweft/core'
import type { Work } from '../../subject.ts'
import { joinValues } from '../join-values.ts'

/**
 * Work that computes tensors and leaves them where they are. Those of the step before are freed at
 * once; `inputs` are freed in the end.
 *
 * @param compute What a compiled function returns: it runs when it is called.
 */
export function heldResult(
  compute: () => readonly Tensor<DType>[],
  inputs: readonly Tensor<DType>[],
  backend: Backend,
): Work {
  let held: readonly Tensor<DType>[] = []
  const queue = {
    enqueue() {
      for (const tensor of held) tensor.dispose()
      held = compute()
    },
    finish: () => backend.finish(),
  }
  return {
    queue,
    async step() {
      queue.enqueue()
      await realize(...held)
      await queue.finish()
    },
    result: async () => joinValues(await Promise.all(held.map((tensor) => tensor.data()))),
    async dispose() {
      for (const tensor of [...held, ...inputs]) tensor.dispose()
    },
  }
}
