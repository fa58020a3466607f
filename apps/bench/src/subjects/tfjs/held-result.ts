import type { Tensor } from '@tensorflow/tfjs'
import type { Work } from '../../subject.ts'
import { joinValues } from '../join-values.ts'
import type { Tf } from './tf.ts'

/**
 * Work that computes tensors and keeps them; whatever else `compute` makes is freed, and so are
 * `inputs` in the end.
 */
export function heldResult(tf: Tf, compute: () => Tensor[], inputs: readonly Tensor[]): Work {
  let held: Tensor[] = []
  return {
    async step() {
      tf.dispose(held)
      held = tf.tidy(compute)
    },
    result: async () => joinValues(await Promise.all(held.map((tensor) => tensor.data()))),
    async dispose() {
      tf.dispose([...held, ...inputs])
    },
  }
}
