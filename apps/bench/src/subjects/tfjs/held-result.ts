import type { Tensor } from '@tensorflow/tfjs'
import type { Work } from '../../subject.ts'
import { joinValues } from '../join-values.ts'
import { finish } from './finish.ts'
import type { Tf } from './tf.ts'

/**
 * Work that computes tensors and keeps them; whatever else `compute` makes is freed, and so are
 * `inputs` in the end.
 */
export function heldResult(tf: Tf, compute: () => Tensor[], inputs: readonly Tensor[]): Work {
  let held: Tensor[] = []
  const queue = {
    enqueue() {
      tf.dispose(held)
      held = tf.tidy(compute)
    },
    finish: () => finish(tf),
  }
  return {
    queue,
    async step() {
      queue.enqueue()
      await queue.finish()
    },
    result: async () => joinValues(await Promise.all(held.map((tensor) => tensor.data()))),
    async dispose() {
      tf.dispose([...held, ...inputs])
    },
  }
}
