import type { Work } from '../../subject.ts'
import { joinValues } from '../join-values.ts'
import { deviceQueue } from './device-queue.ts'
import type { JaxArray, JaxModule } from './jax.ts'
import type { Params } from './params.ts'

export interface Trained {
  /** Takes one step; its losses. */
  train(): JaxArray[]
  /** What the next step goes on from. */
  carried(): readonly Params[]
  dispose(): void
}

/**
 * Training steps: a single step reads its losses, enqueued ones leave them where they are, until the
 * next step.
 */
export function heldLosses(jax: JaxModule, { train, carried, dispose }: Trained): Work {
  let losses: JaxArray[] = []
  const start = () => {
    jax.tree.dispose(losses)
    losses = train()
  }
  const device = deviceQueue(jax)
  const enqueue = () => {
    start()
    device?.submit([...losses, ...carried().flatMap((arrays) => Object.values(arrays))])
  }
  const read = async () => joinValues(await Promise.all(losses.map((loss) => loss.ref.data())))
  return {
    queue: device && { enqueue, finish: () => device.finish() },
    async step() {
      start()
      await read()
    },
    result: read,
    async dispose() {
      jax.tree.dispose(losses)
      dispose()
    },
  }
}
