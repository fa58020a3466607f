import type { Optimizer, Scalar, Tensor, Variable } from '@tensorflow/tfjs'
import type { Work } from '../../subject.ts'
import { joinValues } from '../join-values.ts'
import { finish } from './finish.ts'
import type { Tf } from './tf.ts'

/** One update: of these variables, by the gradients of that loss. */
export interface Minimized {
  readonly optimizer: Optimizer
  readonly loss: () => Scalar
  readonly variables: Variable[]
}

/**
 * Training steps, each made of some updates: a single step reads their losses, enqueued ones leave
 * them where they are, until the next step.
 *
 * @param inputs What the losses read and no step changes.
 */
export function heldLosses(tf: Tf, updates: readonly Minimized[], inputs: readonly Tensor[]): Work {
  let losses: Tensor[] = []
  const enqueue = () => {
    tf.dispose(losses)
    losses = updates.map(({ optimizer, loss, variables }) => {
      const value = optimizer.minimize(loss, true, variables)
      if (value === null) throw new Error('tfjs returned no loss')
      return value
    })
  }
  const read = async () => joinValues(await Promise.all(losses.map((loss) => loss.data())))
  return {
    queue: { enqueue, finish: () => finish(tf) },
    async step() {
      enqueue()
      await read()
    },
    result: read,
    async dispose() {
      for (const { optimizer, variables } of updates) {
        optimizer.dispose()
        tf.dispose(variables)
      }
      tf.dispose([...losses, ...inputs])
    },
  }
}
