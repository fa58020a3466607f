import type { Tensor } from '@tensorflow/tfjs'
import type { Work } from '../../subject.ts'
import type { Tf } from './tf.ts'

/**
 * Work that computes a tensor and keeps it; whatever else `compute` makes is freed, and so are
 * `inputs` in the end.
 */
export function heldResult(tf: Tf, compute: () => Tensor, inputs: readonly Tensor[]): Work {
  let held: Tensor | undefined
  return {
    async step() {
      held?.dispose()
      held = tf.tidy(compute)
    },
    result: async () => (await held?.data()) ?? [],
    async dispose() {
      held?.dispose()
      tf.dispose([...inputs])
    },
  }
}
