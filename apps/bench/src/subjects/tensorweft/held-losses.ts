import type { Backend, Tensor } from '@tensorweft/core'
import type { Work } from '../../subject.ts'

/**
 * Training steps, each of which returns its losses: a single step reads them, enqueued ones leave
 * them where they are, until the next step. `inputs` are freed in the end.
 */
export function heldLosses(
  train: () => readonly Tensor[],
  inputs: readonly Tensor<'float32' | 'int32'>[],
  backend: Backend,
): Work {
  let losses: readonly Tensor[] = []
  const enqueue = () => {
    for (const loss of losses) loss.dispose()
    losses = train()
  }
  const read = async () => {
    const values: number[] = []
    for (const loss of losses) values.push(await loss.item())
    return values
  }
  return {
    queue: { enqueue, finish: () => backend.finish() },
    async step() {
      enqueue()
      await read()
    },
    result: read,
    async dispose() {
      for (const tensor of [...losses, ...inputs]) tensor.dispose()
    },
  }
}
